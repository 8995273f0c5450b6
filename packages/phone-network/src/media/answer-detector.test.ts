import { afterAll, expect, test } from 'vitest'
import { AnswerDetector, type DetectorSettings } from './answer-detector.ts'
import { decode, encode, FRAME_BYTES, silence } from './mulaw.ts'
import { Noise } from './noise.ts'
import { beep, fax, keyTones } from './tones.ts'
import { SpokenVoices } from './voices.ts'

/** Detection of who has answered, from the sound alone. */

const SETTINGS: DetectorSettings = {
  messageEnd: false,
  speechMs: 2_400,
  speechEndMs: 1_200,
  silenceMs: 5_000,
  limitMs: 30_000,
}
const voices = new SpokenVoices(7)
afterAll(() => voices.close())

const GREETING = 'Hi, you have reached my voicemail. I cannot come to the phone right now. Please leave a message.'
const END: Partial<DetectorSettings> = { messageEnd: true }

function judge(parts: Uint8Array[], more: Partial<DetectorSettings> = {}, noise = 0): { verdict: string; ms: number } {
  const sound = Buffer.concat([...parts, silence(40_000)])
  const detector = new AnswerDetector({ ...SETTINGS, ...more })
  const room = noise > 0 ? new Noise('CA1', noise) : null
  const buffer = new Int16Array(FRAME_BYTES)
  for (let at = 0; at + FRAME_BYTES <= sound.length; at += FRAME_BYTES) {
    const frame = new Uint8Array(sound.subarray(at, at + FRAME_BYTES))
    const verdict = detector.hear(room ? encode(room.under(decode(frame), buffer)) : frame)
    if (verdict !== null) return { verdict, ms: at / 8 + 20 }
  }
  throw new Error('no verdict')
}

test('a short greeting and silence is a human, 1.2 s after its end', async () => {
  const hello = await voices.say('Hello?')
  const { verdict, ms } = judge([silence(300), hello])
  expect(verdict).toBe('human')
  expect(Math.abs(ms - (300 + hello.length / 8 + 1_200))).toBeLessThan(250)
  expect(judge([silence(300), hello], { speechEndMs: 500 }).ms).toBeLessThan(ms - 600)
})

test('a long greeting is a machine after 2.4 s of it, a human’s too: the verdict can be wrong', async () => {
  const greeting = await voices.say(GREETING)
  expect(judge([greeting])).toMatchObject({ verdict: 'machine_start' })
  expect(Math.abs(judge([greeting]).ms - 2_400)).toBeLessThan(300)
  const human = await voices.say('Good morning, this is Amara from Castillo Roofing, how can I help you today?')
  expect(judge([human]).verdict).toBe('machine_start')
  expect(judge([human], { speechMs: 6_000 }).verdict).toBe('human')
})

test('the end of the message: a beep, silence, or neither in time', async () => {
  const greeting = await voices.say(GREETING)
  const tone = judge([greeting, beep(500), silence(5_000)], END)
  expect(tone.verdict).toBe('machine_end_beep')
  expect(Math.abs(tone.ms - (greeting.length / 8 + 500))).toBeLessThan(100)
  expect(judge([greeting], END).verdict).toBe('machine_end_silence')
  expect(judge([greeting, greeting, greeting], { ...END, limitMs: 5_000 }).verdict).toBe('machine_end_other')
})

test('silence, a fax, keys', () => {
  expect(judge([])).toEqual({ verdict: 'unknown', ms: 5_000 })
  expect(judge([], { silenceMs: 2_000 }).ms).toBe(2_000)
  expect(judge([silence(200), fax(3_000)])).toMatchObject({ verdict: 'fax' })
  expect(judge([fax(3_000)])).toMatchObject({ verdict: 'fax' })
  expect(judge([keyTones('12')]).verdict).toBe('human')
})

test('the same in a noisy room', async () => {
  const hello = await voices.say('Hello?')
  expect(judge([silence(300), hello], {}, 0.03).verdict).toBe('human')
  expect(judge([await voices.say(GREETING)], {}, 0.03).verdict).toBe('machine_start')
})

test('no voice is taken for a tone', async () => {
  for (const voice of ['slt', 'rms', 'awb']) {
    const said = await voices.say(`${GREETING} One two three four five, oooh, mmm, aaah, see you soon, goodbye.`, voice)
    expect(judge([said], { ...END, speechMs: 6_000, speechEndMs: 5_000 }).verdict).not.toBe('machine_end_beep')
  }
})
