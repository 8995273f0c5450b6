import { expect, test } from 'vitest'
import { MixingPlane } from './audio-plane.ts'
import { encode } from './mulaw.ts'
import { PauseDetector } from './pause-detector.ts'
import { tone } from './tones.ts'

/** A supervisor whispers to the agent; the customer must not hear it. */
test('a coach is heard by the coached party only, and hears everybody', () => {
  const plane = new MixingPlane()
  for (const sid of ['CAagent', 'CAcustomer', 'CAcoach']) {
    plane.addLeg(sid)
    plane.join('room', sid)
  }
  plane.setCoaching('CAcoach', 'CAagent')
  plane.speak('CAcoach', encode(tone([600], 400, 0.3)))
  for (let tick = 0; tick < 15; tick += 1) plane.tick()
  expect(plane.levels('CAagent').hears).toBeGreaterThan(0.1)
  expect(plane.levels('CAcustomer').hears).toBe(0)
  plane.speak('CAcustomer', encode(tone([800], 400, 0.3)))
  for (let tick = 0; tick < 25; tick += 1) plane.tick()
  plane.speak('CAcustomer', encode(tone([800], 400, 0.3)))
  for (let tick = 0; tick < 12; tick += 1) plane.tick()
  expect(plane.levels('CAcoach').hears).toBeGreaterThan(0.1)
  plane.setCoaching('CAcoach', null)
  plane.speak('CAcoach', encode(tone([600], 400, 0.3)))
  for (let tick = 0; tick < 12; tick += 1) plane.tick()
  expect(plane.levels('CAcustomer').hears).toBeGreaterThan(0.1)
})

test('a pause detector waits for speech and then for silence; silence alone only ends with the time', () => {
  const loud = encode(tone([300], 20, 0.3))
  const silent = encode(new Int16Array(160))
  const detector = new PauseDetector(60, 1_000)
  const heard = [silent, silent, silent, silent, loud, loud, silent, silent, silent].map(frame => detector.hear(frame))
  expect(heard.indexOf(true)).toBe(8)
  const patient = new PauseDetector(60, 100)
  expect([1, 2, 3, 4, 5].map(() => patient.hear(silent))).toEqual([false, false, false, false, true])
})
