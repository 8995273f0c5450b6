/** A number that the carrier does not take calls from costs nobody a call. */
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import type { List, NumberRow } from '../../../src/wire/api.ts'
import { deskWithLine, SETTINGS, say } from '../sitting.ts'
import { bindings, carrier, migrated, until } from '../stage.ts'
import { ask, type Person, person } from './people.ts'

const [WRONG, RIGHT] = ['+14155550801', '+14155550802']
const PHONE = '+14155550811'
let admin = {} as Person
beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  await carrier.reset()
})

async function numbers(): Promise<NumberRow[]> {
  return ((await (await ask(admin, 'GET /api/numbers')).json()) as List<NumberRow>).items
}

test('a number that the carrier refuses is set aside with a notice, and the contact is called from another [D13]', async () => {
  await carrier.fail({ from: WRONG })
  const campaignId = 'w_test.c_numbers'
  const campaign = stubFor(bindings, 'campaign', campaignId)
  await campaign.configure({ ...SETTINGS, advance: 'auto' })
  await stubFor(bindings, 'workspace', 'w_test').saveCampaign(campaignId, 'Numbers', 1)
  const person = { name: 'Pat', company: '', number: PHONE, numberShown: '', timeZone: null }
  await campaign.addContacts([{ contactId: 'p_numbers', ...person }])
  expect((await ask(admin, 'POST /api/numbers', { number: WRONG })).status).toBe(201)
  const stage = {
    stub: (kind: Parameters<typeof stubFor>[1], id: string) => stubFor(bindings, kind, id),
    peek: (kind: Parameters<typeof stubFor>[1], id: string) => stubFor(bindings, kind, id),
  } as Parameters<typeof deskWithLine>[0]
  const { desk } = await deskWithLine(stage, 'w_test.d_numbers')
  await desk.command(say({ type: 'session.start', campaignId, lines: 1 }))

  await until(async () => expect(await numbers()).toMatchObject([{ number: WRONG, status: 'refused' }]))
  const [aside] = await numbers()
  expect(aside?.refusedBecause).toContain('21210')
  expect(aside?.inFlight).toBe(0)
  expect((await campaign.read()).left).toBe(1)

  expect((await ask(admin, 'POST /api/numbers', { number: RIGHT })).status).toBe(201)
  await until(async () => {
    const placed = (await carrier.creates(PHONE)).filter(one => one.form.From === RIGHT)
    expect(placed).toHaveLength(1)
  })
  const { lanes } = (await desk.view()) ?? { lanes: [] }
  // Nobody was called before, so this is the first attempt.
  expect(lanes).toMatchObject([{ from: RIGHT, contact: { attempt: 1 } }])
  expect((await carrier.creates(PHONE)).filter(one => one.form.From === WRONG)).toHaveLength(1)
})

test('a number can be removed, and saved again when it is right [D13]', async () => {
  expect((await ask(admin, 'POST /api/numbers', { number: WRONG })).status).toBe(201)
  expect((await numbers()).find(one => one.number === WRONG)).toMatchObject({ status: 'active', refusedBecause: null })
  const path = `DELETE /api/numbers/${encodeURIComponent(WRONG)}`
  expect((await ask(admin, path)).status).toBe(200)
  expect((await numbers()).map(one => one.number)).toEqual([RIGHT])
  expect((await ask(admin, path)).status).toBe(404)
})

test('a number that is never called from here cannot stand in the directory of an AI agent, and the others stand as they are dialled [D3]', async () => {
  const admin = await person('Root', 'admin')
  const entry = (target: string) => ({ name: 'Office', kind: 'number', target })
  const save = (target: string) =>
    ask(admin, 'POST /api/ai/agents', { name: 'Robin', prompt: 'Help.', directory: [entry(target)] })
  for (const target of ['+19005550123', '+442079460018', '+1 415 555 0142 x9']) {
    const answer = await save(target)
    expect(answer.status, target).toBe(400)
    const { fields } = await answer.json<{ fields: { field: string }[] }>()
    expect(fields.map(one => one.field)).toEqual(['directory.0.target'])
  }
  const saved = await (await save('(415) 555-0142')).json<{ body: { directory: { target: string }[] } }>()
  expect(saved.body.directory).toMatchObject([{ target: '+14155550142' }])
})
