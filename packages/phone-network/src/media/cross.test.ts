import { expect, test } from 'vitest'
import { SoundFiles } from '../sound-files.ts'
import { Sounds } from '../sounds.ts'
import { silentVoices } from '../testing/silent-plane.ts'
import { realTime } from '../time.ts'
import { MixingPlane } from './audio-plane.ts'
import { encode } from './mulaw.ts'
import { tone } from './tones.ts'

test('what is played on one of two crossed calls is what the party of the other says, and the other way round [C14]', () => {
  const plane = new MixingPlane()
  const files = new SoundFiles({ authToken: 'x', tunnels: new Map() })
  const sounds = new Sounds({ plane, voices: silentVoices() }, () => undefined, realTime(), files)
  for (const callSid of ['CAa', 'CAb', 'CAperson']) sounds.perform({ do: 'add-leg', callSid })
  sounds.perform({ do: 'cross', callSid: 'CAa', other: 'CAb' })
  sounds.perform({ do: 'bridge', callSid: 'CAb', other: 'CAperson' })
  plane.play('CAa', encode(tone([500], 400, 0.3)))
  for (let tick = 0; tick < 15; tick += 1) plane.tick()
  expect(plane.levels('CAb').says).toBeGreaterThan(0.1)
  expect(plane.levels('CAperson').hears).toBeGreaterThan(0.1)
  expect(plane.levels('CAa').says).toBe(0)
  for (let tick = 0; tick < 30; tick += 1) plane.tick()
  plane.speak('CAperson', encode(tone([700], 400, 0.3)))
  for (let tick = 0; tick < 15; tick += 1) plane.tick()
  expect(plane.levels('CAa').says).toBeGreaterThan(0.1)
  expect(plane.levels('CAb').says).toBe(0)
})
