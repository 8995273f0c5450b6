/** A campaign that keeps abandonment under a limit: how many people a round calls, and what it counts for the next one. */
import { runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, test } from 'vitest'
import { countFact, tallyOfMonth } from '../../src/actors/campaign/pace.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { SOLO_POLICY } from '../../src/core/batch/batch.ts'
import type { CampaignFact } from '../../src/core/campaign/state.ts'
import { aiSeatId } from '../../src/core/ids.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, carrier, type Stage, twice, until } from './stage.ts'

const HOUR_MS = 3_600_000

beforeEach(async () => {
  await carrier.reset()
})

async function floor(stage: Stage, tag: string, release: 'cut' | 'ring-out', abandonMax: number | null = 0.03) {
  const [deskId, campaignId] = [`w_test.d_${tag}`, `w_test.c_${tag}`]
  const { desk } = await deskWithLine(stage, deskId)
  const number = { number: '+14155550031', name: '', deskId, inFlightCap: 50, cooldownMs: 0 }
  await stage.stub('trunk', 'w_test').saveNumber(number)
  const campaign = stage.stub('campaign', campaignId)
  await campaign.configure({ ...SETTINGS, abandonMax, policy: { ...SOLO_POLICY, release } })
  await stage.stub('workspace', 'w_test').saveCampaign(campaignId, 'Paced', 4)
  const people = Array.from({ length: 12 }, (_, n) => ({
    ...{ contactId: `${tag}${n}`, name: `Person ${n}`, company: '', numberShown: '', timeZone: null },
    number: `+1415${tag.length + 600}${String(7_000 + n)}`,
  }))
  await campaign.addContacts(people)
  /** Rounds of hours ago. */
  const before = async (dialed: number, answered: number, abandoned: number, expected = abandoned) =>
    runInDurableObject(stubFor(bindings, 'campaign', campaignId) as never, (_: unknown, state: DurableObjectState) => {
      const hour = Math.floor(Date.now() / HOUR_MS) - 48
      const row = [hour, dialed, answered, abandoned, expected]
      state.storage.sql.exec('INSERT OR REPLACE INTO tallies VALUES (?, ?, ?, ?, ?)', ...row)
    })
  const start = async () => {
    expect(await desk.command(say({ type: 'session.start', campaignId, lines: 4 }))).toMatchObject({ type: 'accepted' })
    return until(async () => {
      const view = await stage.peek('desk', deskId).view()
      if (view?.session?.state !== 'dialing') throw new Error('no round yet')
      expect(view.lanes.length).toBeGreaterThan(0)
      return { lanes: view.lanes.length, pace: view.session.pace }
    })
  }
  return { deskId, campaignId, desk, start, before }
}

twice('nobody has answered yet: two lines if losers are cut, one if they ring out', async (stage, tag) => {
  const cut = await floor(stage, `newcut${tag}`, 'cut')
  expect(await cut.start()).toEqual({ lanes: 2, pace: { lines: 2, because: 'few-answers', max: 0.03 } })
  const out = await floor(stage, `newout${tag}`, 'ring-out')
  expect(await out.start()).toEqual({ lanes: 1, pace: { lines: 1, because: 'limit', max: 0.03 } })
})

twice('a month that is well under the limit has all lines, one over it has one', async (stage, tag) => {
  const well = await floor(stage, `well${tag}`, 'cut')
  await well.before(20_000, 1_000, 5, 60)
  expect(await well.start()).toEqual({ lanes: 4, pace: { lines: 4, because: 'most', max: 0.03 } })
  const over = await floor(stage, `over${tag}`, 'cut')
  await over.before(20_000, 1_000, 60)
  expect(await over.start()).toEqual({ lanes: 1, pace: { lines: 1, because: 'over-limit', max: 0.03 } })
})

twice('without a limit a round has as many lines as were chosen, and is counted all the same', async (stage, tag) => {
  const free = await floor(stage, `free${tag}`, 'cut', null)
  expect(await free.start()).toEqual({ lanes: 4, pace: undefined })
  const batchId = `${free.campaignId}.b1`
  // Both answer in one moment, before the second one can be let go.
  const claim = (n: number) => stage.stub('batch', batchId).claim(`${batchId}.${n}`, `CA-${n}`, null)
  await Promise.all([claim(1), claim(2)])
  await until(async () => expect(await stage.peek('campaign', free.campaignId).read()).toMatchObject({ abandoned: 1 }))
})

test('what AI agents dial says nothing of people for whom nobody is free, and is not counted', async () => {
  const campaign = stubFor(bindings, 'campaign', 'w_test.c_paceai') as unknown as DurableObjectStub
  const counted = await runInDurableObject(campaign, (_: unknown, { storage: { sql } }: DurableObjectState) =>
    [aiSeatId('w_test', 'ai_a1', 1), 'w_test.d_ada'].map(deskId => {
      const opened = { type: 'round-opened', at: Date.now(), deskId, legs: [{}, {}] } as unknown as CampaignFact
      countFact(sql, opened, { campaignId: '', settings: null, rounds: 0, sessions: [] })
      return tallyOfMonth(sql, Date.now()).dialed
    }),
  )
  expect(counted).toEqual([0, 2])
})
