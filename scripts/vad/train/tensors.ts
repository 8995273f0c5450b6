/** The trainer's file of named tensors: for each a line "NAME COUNT", then little-endian f32 (c/tensors.h). */
import { fourierBasis, type Network, sizeOf, TENSOR_NAMES, type TensorName } from '../network.ts'

const BASIS: TensorName = 'stft.forward_basis_buffer'

/** Throws if a tensor of the network is missing or of another size. The spectrum is not learned: it is added here. */
export function networkFrom(file: Uint8Array): Network {
  const found: Partial<Network> = { [BASIS]: Float32Array.from(fourierBasis()) }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf(10, at)
    const [name = '', count = ''] = new TextDecoder().decode(file.subarray(at, end)).split(' ')
    const known = TENSOR_NAMES.find(one => one === name)
    if (end < 0 || known === undefined || sizeOf(known) !== Number(count))
      throw new Error(`no tensor: ${name} ${count}`)
    found[known] = Float32Array.from({ length: Number(count) }, (_, index) =>
      view.getFloat32(end + 1 + index * 4, true),
    )
    at = end + 1 + Number(count) * 4
  }
  const missing = TENSOR_NAMES.filter(name => found[name] === undefined)
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`)
  return found as Network
}

export function tensorFile(network: Network): Uint8Array {
  const parts = TENSOR_NAMES.filter(name => name !== BASIS).flatMap(name => {
    const bytes = new Uint8Array(network[name].length * 4)
    const view = new DataView(bytes.buffer)
    for (const [at, value] of network[name].entries()) view.setFloat32(at * 4, value, true)
    return [Buffer.from(`${name} ${network[name].length}\n`), bytes]
  })
  return Buffer.concat(parts)
}
