import { expect, test } from 'vitest'
import { dualTone, keyTones } from '../../sound/tones.ts'
import { BeepDetector } from './beep.ts'
import { Greeting } from './greeting.ts'

function hear(act: (greeting: Greeting) => void, untilMs: number): Greeting {
  const greeting = new Greeting('en', 0)
  act(greeting)
  for (let at = 0; at <= untilMs && greeting.verdict === null; at += 20) greeting.tick(at)
  return greeting
}
const speech = (greeting: Greeting, from: number, to: number) => {
  greeting.spoke(from)
  greeting.fellSilent(to)
}

test('"hello?" and silence is a person; nothing at all is uncertain', () => {
  expect(hear(one => speech(one, 400, 900), 1_380).verdict).toBeNull()
  expect(hear(one => speech(one, 400, 900), 1_400).verdict).toBe('human')
  expect(hear(() => {}, 2_500).verdict).toBe('uncertain')
})

test('a long greeting without a known phrase is uncertain, later', () => {
  expect(hear(one => speech(one, 300, 4_300), 5_400).verdict).toBeNull()
  expect(hear(one => speech(one, 300, 4_300), 5_500).verdict).toBe('uncertain')
})

test('what a machine says about itself decides at once', () => {
  const said = (text: string) => hear(one => one.words(text), 0).verdict
  expect(said('Hi, you have reached the Miller family. Please leave a message')).toBe('voicemail')
  expect(said('Thank you for calling. For sales press one')).toBe('ivr')
  expect(said('Please state your name and why you are calling')).toBe('screening')
  expect(said('Hello, Ben speaking')).toBeNull()
  const later = new Greeting('de', 0)
  later.words('Bitte hinterlassen Sie eine Nachricht nach dem Signalton')
  expect(later.verdict).toBe('voicemail')
})

test('someone who speaks on and on is decided at the limit', () => {
  expect(hear(one => one.spoke(100), 15_000).verdict).toBe('uncertain')
})

const frames = (sound: Uint8Array) =>
  Array.from({ length: Math.floor(sound.length / 160) }, (_, at) => sound.subarray(at * 160, at * 160 + 160))
const silence = new Uint8Array(1_600).fill(0xff)
const beeps = (sound: Uint8Array) => {
  const detector = new BeepDetector()
  return [...frames(sound), ...frames(silence)].filter(frame => detector.receive(frame)).length
}

test('a beep of any usual pitch is heard once, when it is over', () => {
  for (const hz of [440, 620, 853, 1000, 1400, 2000]) expect(beeps(dualTone(hz, hz, 400)), String(hz)).toBe(1)
  expect(beeps(dualTone(1000, 1000, 100))).toBe(0)
})

test('keys, rings, noise and silence are no beep', () => {
  expect(beeps(keyTones('159#'))).toBe(0)
  expect(beeps(dualTone(440, 480, 1_000))).toBe(0)
  expect(beeps(silence)).toBe(0)
  let seed = 7
  const noise = Uint8Array.from({ length: 16_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return seed >> 16
  })
  expect(beeps(noise)).toBe(0)
})
