import { expect, test } from 'vitest'
import { ProviderFailure } from '../../../providers/failure.ts'
import type { RealtimeEvent, RealtimeOptions } from '../../../providers/realtime/port.ts'
import { ScriptedRealtime, type ScriptedRealtimeOptions } from '../../../providers/realtime/scripted.ts'
import { WarmRealtime } from './warm-realtime.ts'

const OPTIONS: RealtimeOptions = {
  system: 'You are the receptionist.',
  tools: [],
  voice: '',
  language: 'en-US',
  turns: 'ours',
  tokensMax: 100,
}
const DOWN = new ProviderFailure('scripted', 'unavailable', 'down')
const settled = () => new Promise<void>(resolve => setImmediate(resolve))

function warmed(script: ScriptedRealtimeOptions = {}) {
  const cold = new ScriptedRealtime(script)
  const abort = new AbortController()
  const events: RealtimeEvent[] = []
  const warm = new WarmRealtime(cold, OPTIONS, abort.signal)
  const open = (options = OPTIONS) => warm.open(options, event => events.push(event), abort.signal)
  return { cold, abort, events, open }
}

test('it is connected before anyone opens it, and what has become known since is told then', async () => {
  const { cold, events, open } = warmed()
  expect(cold.opens).toBe(1)
  const session = await open({ ...OPTIONS, system: 'You speak with Ada.' })
  expect(cold.opens).toBe(1)
  expect(cold.opened?.system).toBe('You speak with Ada.')
  session.say('Hello.')
  expect(cold.log).toEqual(['configure', 'say Hello.'])
  expect(events.at(-1)?.type).toBe('answer-ended')
})

test('nothing is told twice, and the second to open gets a connection of its own', async () => {
  const { cold, open } = warmed()
  await open()
  await open()
  expect(cold.opens).toBe(2)
  expect(cold.log).toEqual([])
})

test('one that broke, or was refused, while the phone rang costs no try', async () => {
  const broken = warmed()
  await settled()
  broken.cold.break()
  await broken.open()
  expect(broken.cold.opens).toBe(2)
  const refused = warmed({ refusals: [DOWN] })
  await settled()
  await refused.open()
  expect(refused.cold.opens).toBe(2)
})

test('a call that ends without talk closes it, also where it was still being connected', async () => {
  const { cold, abort } = warmed()
  abort.abort()
  await settled()
  expect(cold.log).toEqual(['close'])
  const taken = warmed()
  const session = await taken.open()
  taken.abort.abort()
  await settled()
  expect(taken.cold.log).toEqual([])
  session.close()
})
