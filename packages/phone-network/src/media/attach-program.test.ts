import { expect, test } from 'vitest'
import { MixingPlane } from './audio-plane.ts'
import { encode } from './mulaw.ts'
import { tone } from './tones.ts'

test('what is played to a dialled program is heard by its party, and the party is heard by the program', () => {
  const plane = new MixingPlane()
  for (const sid of ['CAparty', 'CAprogram']) plane.addLeg(sid)
  plane.attachProgram('CAparty', 'CAprogram')
  const heard: boolean[] = []
  plane.tap('CAprogram', says => heard.push(says.some(byte => byte !== 0xff && byte !== 0x7f)))
  plane.play('CAprogram', encode(tone([500], 400, 0.3)))
  for (let tick = 0; tick < 15; tick += 1) plane.tick()
  expect(plane.levels('CAparty').hears).toBeGreaterThan(0.1)
  expect(heard).not.toContain(true)
  plane.speak('CAparty', encode(tone([700], 400, 0.3)))
  for (let tick = 0; tick < 15; tick += 1) plane.tick()
  expect(heard).toContain(true)
  plane.unbridge('CAparty')
  plane.play('CAprogram', encode(tone([500], 400, 0.3)))
  for (let tick = 0; tick < 40; tick += 1) plane.tick()
  expect(plane.levels('CAparty').hears).toBe(0)
})
