/** The sequence of seed 000 over the whole phone network: two people talk behind a number of ours, and each phone shows that number alone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ShownInteraction, ShownMask } from '../../src/wire/mask.ts'
import { ended, log, MAIN, program, said, setProgramStage, stage, until } from './program-stage.ts'

const [RIDER, DRIVER] = ['+15002006601', '+15002200707']
/** Loudness of somebody who speaks, 0…1. */
const SPEECH = 0.02
const SPEAKS = {
  kind: 'human' as const,
  acts: Array(20)
    .fill([{ say: 'I am at the corner.' }, { pauseMs: 700 }])
    .flat(),
}

let mask = {} as ShownMask
beforeAll(async () => {
  await setProgramStage(7110, '660')
  mask = await program<ShownMask>('POST', '/masks', { number: MAIN, name: 'Rides' })
  await program('POST', '/masksessions', { participants: [{ number: RIDER }, { number: DRIVER }] })
}, 120_000)
afterAll(() => stage?.close())

const calls = () => stage.network.control.world().calls
const active = async () => (await program<{ active_calls: object[] }>('GET', '/active-calls')).active_calls

test('the rider calls the virtual number, waits, and talks with the driver; neither phone shows the other [S0-1 S0-4 S0-5 S0-6 S0-7]', async () => {
  const sid = stage.network.control.dial(RIDER, MAIN, SPEAKS)
  await until(() => expect(said(sid)).toContain('Please wait while we connect your call.'))
  const rung = await until(() => {
    const found = calls().find(one => one.parentSid === sid)
    expect(found).toMatchObject({ to: DRIVER, from: MAIN })
    return found as NonNullable<typeof found>
  })
  expect(await active()).toEqual([expect.objectContaining({ virtual_number: MAIN })])
  const levels = (of: string) => calls().find(one => one.sid === of)?.levels ?? { says: 0, hears: 0 }
  // The driver hears the rider, and the rider the driver.
  await until(() => expect(levels(rung.sid).hears).toBeGreaterThan(SPEECH))
  await until(() => expect(levels(sid).hears).toBeGreaterThan(SPEECH))
  stage.network.control.hangUpCall(sid)
  await ended(sid)
  await until(async () => expect(await active()).toEqual([]))
  const { items } = await program<{ items: ShownInteraction[] }>('GET', `/masks/${mask.id}/interactions`)
  expect(items[0]).toMatchObject({ from: 'a', status: 'ended' })
  // What the network has sent to the driver's phone never had the rider's number.
  const toDriver = log().filter(entry => entry.callSid === rung.sid)
  expect(toDriver.length).toBeGreaterThan(0)
  expect(JSON.stringify(toDriver)).not.toContain(RIDER.slice(1))
}, 90_000)

test('the driver calls back by the same number and reaches the rider', async () => {
  const sid = stage.network.control.dial(DRIVER, MAIN, SPEAKS)
  await until(() => expect(calls().find(one => one.parentSid === sid)).toMatchObject({ to: RIDER, from: MAIN }))
  stage.network.control.hangUpCall(sid)
  await ended(sid)
}, 60_000)

test('a stranger is told so, and no phone rings', async () => {
  const sid = stage.network.control.dial('+15002006699', MAIN, SPEAKS)
  await until(() => expect(said(sid)).toContain('This number cannot connect your call now. Goodbye.'))
  await ended(sid)
  expect(calls().some(one => one.parentSid === sid)).toBe(false)
}, 60_000)
