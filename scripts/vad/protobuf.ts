/** Reads as much of protobuf's wire format as an ONNX file needs (developers.google.com/protocol-buffers/docs/encoding). */

export interface Field {
  number: number
  /** a number for varints and fixed numbers, the bytes for everything that has a length */
  value: number | Uint8Array
}

/** Yields the fields of one message in order. Throws if the bytes end in the middle of a field. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      const byte = message[at]
      if (byte === undefined || weight > 2 ** 63) throw new Error('a number without an end')
      at += 1
      value += (byte & 127) * weight
      if (byte < 128) return value
    }
  }
  const bytes = (length: number): Uint8Array => {
    if (at + length > message.length)
      throw new Error(`a field of ${length} bytes where ${message.length - at} are left`)
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    switch (tag % 8) {
      case 0:
        yield { number, value: varint() }
        break
      case 1:
        yield { number, value: bytes(8) }
        break
      case 2:
        yield { number, value: bytes(varint()) }
        break
      case 5:
        bytes(4)
        yield { number, value: view.getUint32(at - 4, true) }
        break
      default:
        throw new Error(`wire type ${tag % 8} at byte ${at}`)
    }
  }
}

/** Returns all values of one field that have a length. */
export function messages(message: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(message)].flatMap(field =>
    field.number === number && field.value instanceof Uint8Array ? [field.value] : [],
  )
}

export function text(message: Uint8Array, number: number): string {
  return new TextDecoder().decode(messages(message, number).at(-1) ?? new Uint8Array())
}

/** Returns all values of a repeated number, packed or not. */
export function numbers(message: Uint8Array, number: number): number[] {
  const found: number[] = []
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue
    if (typeof field.value === 'number') found.push(field.value)
    else found.push(...unpacked(field.value))
  }
  return found
}

/** Packed varints follow each other without tags. */
function unpacked(bytes: Uint8Array): number[] {
  const found: number[] = []
  let [value, weight] = [0, 1]
  for (const byte of bytes) {
    value += (byte & 127) * weight
    weight *= 128
    if (byte < 128) {
      found.push(value)
      ;[value, weight] = [0, 1]
    }
  }
  return found
}
