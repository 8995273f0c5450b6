/**
 * Tells raw sound from what services send instead of it: sound files, and pages or messages in words. Content types of sound are not
 * reliable (`application/octet-stream` is usual), so the first bytes decide.
 */

export type Looks =
  | 'raw'
  /** RIFF/WAVE: the header says what follows */
  | 'wav'
  /** another kind of file: compressed sound, or no sound */
  | 'file'
  /** more bytes are needed */
  | 'unsure'

interface Magic {
  at: number
  bytes: Uint8Array
  looks: Looks
}

const magic = (word: string, at = 0, looks: Looks = 'file'): Magic => ({
  at,
  bytes: Uint8Array.from(word, letter => letter.charCodeAt(0)),
  looks,
})
const MAGIC: Magic[] = [
  magic('RIFF', 0, 'wav'),
  ...['RIFX', 'RF64', 'FORM', '.snd', 'caff', 'ID3', 'OggS', 'fLaC', '#!AM', 'MThd'].map(word => magic(word)),
  // Matroska and WebM; gzip
  magic('\x1a\x45\xdf\xa3'),
  magic('\x1f\x8b\x08'),
  ...['ftyp', 'styp', 'moov', 'moof'].map(word => magic(word, 4)),
]
const MAGIC_BYTES = 8
/** Words are recognised by this many of their first letters: µ-law of one sign is no longer that long. */
const TEXT_BYTES = 24
/** The longest MPEG frame of layer III: 320 kbit/s at 32 kHz with padding; AAC at the rates of speech is shorter. */
const FRAME_MAX = 1_441

/** `whole`: nothing more comes after these bytes. */
export function looksOf(head: Uint8Array, whole: boolean): Looks {
  const known = MAGIC.find(({ at, bytes }) => bytes.every((byte, index) => head[at + index] === byte))
  if (known !== undefined) return known.looks
  if (isText(head.subarray(0, TEXT_BYTES))) return head.length < TEXT_BYTES && !whole ? 'unsure' : 'file'
  const size = mpegFrameBytes(head, 0) ?? adtsFrameBytes(head, 0)
  if (size !== null) {
    // Quiet sound may begin as a frame does (FF FB 7B …); it does not do so again exactly one frame later.
    if (head.length < size + 4) return whole ? 'raw' : 'unsure'
    return mpegFrameBytes(head, size) === null && adtsFrameBytes(head, size) === null ? 'raw' : 'file'
  }
  return head.length < MAGIC_BYTES && !whole ? 'unsure' : 'raw'
}

/** True for the beginning of JSON, HTML or XML, as far as it is there. */
function isText(head: Uint8Array): boolean {
  if (head.length < 2 || head.some(byte => byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f)) return false
  const start = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, '')
    .trimStart()
  return /^(\{\s*(["}]|$)|\[\s*(["{[\]]|$)|<[!?/a-z])/i.test(start)
}

const KBITS_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
const KBITS_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const HZ_1 = [44_100, 48_000, 32_000]

/** The length of the MPEG layer III frame that begins at `at`; null if none does. ISO/IEC 11172-3 §2.4.1, 13818-3. */
function mpegFrameBytes(bytes: Uint8Array, at: number): number | null {
  const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3)
  if (one !== 0xff || (two & 0xe0) !== 0xe0) return null
  const version = (two >> 3) & 3
  const layer = (two >> 1) & 3
  const kbits = (version === 3 ? KBITS_1 : KBITS_2)[three >> 4]
  const hz = HZ_1[(three >> 2) & 3]
  if (version === 1 || layer !== 1 || !kbits || !hz) return null
  const rate = version === 3 ? hz : version === 2 ? hz / 2 : hz / 4
  const perFrame = version === 3 ? 144_000 : 72_000
  const size = Math.floor((perFrame * kbits) / rate) + ((three >> 1) & 1)
  return size <= FRAME_MAX ? size : null
}

const ADTS_HEADER_BYTES = 7
const ADTS_RATES = 13

/** The length of the ADTS frame (AAC) that begins at `at`; null if none does. ISO/IEC 13818-7 §6.2. */
function adtsFrameBytes(bytes: Uint8Array, at: number): number | null {
  const [one = 0, two = 0, three = 0, four = 0, five = 0, six = 0] = bytes.subarray(at, at + 6)
  if (one !== 0xff || (two & 0xf6) !== 0xf0 || ((three >> 2) & 0x0f) >= ADTS_RATES) return null
  const size = ((four & 3) << 11) | (five << 3) | (six >> 5)
  return size > ADTS_HEADER_BYTES && size <= FRAME_MAX ? size : null
}
