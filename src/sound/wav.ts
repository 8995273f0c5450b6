/** Makes a sound file for services that take only files: RIFF/WAVE, 16-bit PCM, one channel (RFC 2361, format 1). */

const HEADER_BYTES = 44
const PCM = 1

/** Returns the whole file, with its header. `hz`: samples a second. */
export function wavOf(samples: Int16Array, hz: number): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + samples.length * 2)
  const view = new DataView(file.buffer)
  const word = (at: number, text: string) => {
    for (let letter = 0; letter < text.length; letter += 1) file[at + letter] = text.charCodeAt(letter)
  }
  word(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  word(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, PCM, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, hz, true)
  view.setUint32(28, hz * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  word(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((sample, at) => {
    view.setInt16(HEADER_BYTES + at * 2, sample, true)
  })
  return file
}
