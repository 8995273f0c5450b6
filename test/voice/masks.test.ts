/** The sequence of seed 000 on both carriers: two people talk behind a number of ours, and each phone shows that number alone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ShownInteraction, ShownMask } from '../../src/wire/mask.ts'
import { type MaskCarrier, on8x8, onTwilio } from './mask-carriers.ts'
import { program, setProgramStage, stage, until } from './program-stage.ts'

beforeAll(() => setProgramStage(7110, '660'), 120_000)
afterAll(() => stage?.close())

const active = async () => (await program<{ active_calls: object[] }>('GET', '/active-calls')).active_calls

describe.each([
  ['Twilio', onTwilio, { rider: '+15002006601', driver: '+15002200707', stranger: '+15002006699' }],
  ['8x8', on8x8, { rider: '+6591234501', driver: '+6598765402', stranger: '+6590000003' }],
] as const)('on %s', (name, opened, { rider, driver, stranger }) => {
  let carrier = {} as MaskCarrier
  let mask = {} as ShownMask
  beforeAll(async () => {
    carrier = await opened()
    const settings = name === '8x8' ? { carrier: '8x8' } : {}
    mask = await program<ShownMask>('POST', '/masks', { number: carrier.number, name: 'Rides', ...settings })
    await program('POST', '/masksessions', {
      mask_id: mask.id,
      participants: [{ number: rider }, { number: driver }],
    })
  }, 60_000)
  afterAll(() => carrier.close?.())

  test('the rider calls the virtual number, waits, and talks with the driver; neither phone shows the other [S0-1 S0-4 S0-5 S0-6 S0-7 S0-12]', async () => {
    const id = carrier.dials(rider)
    await until(() => expect(carrier.heard(id)).toContain('Please wait while we connect your call.'))
    await until(() => expect(carrier.rung(id)).toEqual({ to: driver, from: carrier.number }))
    expect(await active()).toEqual([expect.objectContaining({ virtual_number: carrier.number })])
    await carrier.talks(id)
    await until(async () => expect(await active()).toEqual([expect.objectContaining({ status: 'connected' })]))
    carrier.hangsUp(id)
    await carrier.ended(id)
    await until(async () => expect(await active()).toEqual([]))
    const { items } = await program<{ items: ShownInteraction[] }>('GET', `/masks/${mask.id}/interactions`)
    expect(items[0]).toMatchObject({ from: 'a', status: 'ended' })
    // What the network has sent to the driver's phone never had the rider's number.
    expect(carrier.toSecond(id).length).toBeGreaterThan(0)
    expect(JSON.stringify(carrier.toSecond(id))).not.toContain(rider.slice(1))
  }, 90_000)

  test('the driver calls back by the same number and reaches the rider', async () => {
    const id = carrier.dials(driver)
    await until(() => expect(carrier.rung(id)).toEqual({ to: rider, from: carrier.number }))
    carrier.hangsUp(id)
    await carrier.ended(id)
  }, 60_000)

  test('a stranger is told so, and no phone rings', async () => {
    const id = carrier.dials(stranger)
    await until(() => expect(carrier.heard(id)).toContain('This number cannot connect your call now. Goodbye.'))
    await carrier.ended(id)
    expect(carrier.rung(id)).toBeNull()
  }, 60_000)
})
