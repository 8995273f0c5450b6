import { expect, test } from 'vitest'
import { QualityMeter } from './quality.ts'

const talking = { talking: true, muted: false }

test('a warning shows after three seconds, and goes three seconds after it is cleared', () => {
  const meter = new QualityMeter()
  meter.warn('high-jitter')
  expect(meter.read(0, talking).level).toBe('good')
  expect(meter.read(2999, talking).level).toBe('good')
  expect(meter.read(3000, talking)).toEqual({ level: 'poor', cause: 'Uneven network: sound may break up' })
  meter.clear('high-jitter')
  expect(meter.read(4000, talking).level).toBe('poor')
  expect(meter.read(7000, talking).level).toBe('good')
})

test('a flicker shorter than that never shows', () => {
  const meter = new QualityMeter()
  for (let second = 0; second < 20; second += 1) {
    if (second % 2 === 0) meter.warn('low-mos')
    else meter.clear('low-mos')
    expect(meter.read(second * 1000, talking).level).toBe('good')
  }
})

test('the worst cause wins; unknown names are ignored', () => {
  const meter = new QualityMeter()
  for (const name of ['high-rtt', 'ice-connectivity-lost', 'high-jitter', 'made-up']) meter.warn(name)
  meter.read(0, talking)
  expect(meter.read(3000, talking).level).toBe('bad')
})

test('silence is no fault while nobody talks or the agent is muted', () => {
  const meter = new QualityMeter()
  meter.warn('constant-audio-output-level')
  meter.warn('low-bytes-received')
  meter.read(0, { talking: false, muted: false })
  expect(meter.read(9000, { talking: false, muted: false }).level).toBe('good')
  const microphone = new QualityMeter()
  microphone.warn('constant-audio-input-level')
  microphone.read(0, { talking: true, muted: true })
  expect(microphone.read(9000, { talking: true, muted: true }).level).toBe('good')
  microphone.read(10_000, talking)
  expect(microphone.read(13_000, talking).cause).toMatch(/microphone/)
})

test('a new call starts clean', () => {
  const meter = new QualityMeter()
  meter.warn('low-mos')
  meter.read(0, talking)
  meter.reset()
  expect(meter.read(9000, talking).level).toBe('good')
})
