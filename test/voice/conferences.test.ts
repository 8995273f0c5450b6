/** Conferences by name over the whole phone network: who is let in, and who hears whom. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FINISH_ID } from '../../src/core/flow/flow.ts'
import type { Billing } from '../../src/wire/billing.ts'
import type { Conference, ConferenceCall } from '../../src/wire/conference.ts'
import { answers, caller, ended, log, program, said, setProgramStage, stage, until } from './program-stage.ts'

/** Loudness of somebody who speaks, and of nobody, 0…1. */
const SPEECH = 0.02
const SILENCE = 0.002
beforeAll(() => setProgramStage(6950, '400'), 120_000)
afterAll(() => stage?.close())

const inside = (room: string) => {
  const live = stage.network.control
    .world()
    .conferences.find(one => one.friendlyName === room && one.status !== 'completed')
  return live?.participants.map(one => one.callSid) ?? []
}
const levels = (callSid: string) =>
  stage.network.control.world().calls.find(one => one.sid === callSid)?.levels ?? { says: 0, hears: 0 }
const conferences = async () => (await program<{ items: Conference[] }>('GET', '/conferences?limit=200')).items
const participants = async (id: string) =>
  (await program<{ items: ConferenceCall[] }>('GET', `/v1.0/conferencecalls?conference_id=${id}`)).items

const live = (room: string) =>
  stage.network.control.world().conferences.find(one => one.friendlyName === room && one.status !== 'completed')?.sid
/** Our own id of a call, which is in the label of its participant. */
const ours = (sid: string) =>
  stage.network.control
    .world()
    .conferences.flatMap(one => one.participants)
    .find(one => one.callSid === sid)
    ?.label?.replace(/^\w+:/, '')
/** The caller waits until the other side has said something. */
const LISTEN = { listen: true }

/** Speaks alone in its turn of four seconds. */
const WORDS = 'One two three four five six seven eight nine ten eleven twelve.'

test('three callers join a conference at one moment: one is made, each hears all the others and not himself, and each is billed [S1-45] [S1-46] [S1-47]', async () => {
  await answers([{ type: 'answer' }, { type: 'conf_join', option: { conference_id: 'Stand-up' } }])
  const sids = [0, 1, 2].map(turn => caller([{ pauseMs: 6_000 + turn * 7_000 }, { say: WORDS }, { pauseMs: 60_000 }]))
  const made = await until(async () => {
    const found = (await conferences()).filter(one => one.name === 'Stand-up')
    expect(found).toHaveLength(1)
    return found[0] as Conference
  })
  await until(() => expect(inside(made.id).sort()).toEqual([...sids].sort()))
  expect(log().filter(one => one.kind === 'conference-created' && one.friendlyName === made.id)).toHaveLength(1)
  await until(async () => {
    const all = await participants(made.id)
    expect(all.map(one => one.status)).toEqual(['joined', 'joined', 'joined'])
    expect(new Set(all.map(one => one.reference_id)).size).toBe(3)
  })
  const callIds = (await participants(made.id)).map(one => one.reference_id)
  for (const speaker of sids) {
    await until(() => expect(levels(speaker).says).toBeGreaterThan(SPEECH))
    const loudest = new Map(sids.map(sid => [sid, 0]))
    while (levels(speaker).says > SPEECH / 4) {
      for (const sid of sids) loudest.set(sid, Math.max(loudest.get(sid) ?? 0, levels(sid).hears))
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(loudest.get(speaker), 'the speaker').toBeLessThan(SILENCE)
    for (const other of sids.filter(sid => sid !== speaker)) expect(loudest.get(other)).toBeGreaterThan(SPEECH)
  }
  for (const sid of sids) stage.network.control.hangUpCall(sid)
  await until(async () => expect(await participants(made.id)).toEqual([]))
  await until(async () => {
    const bills = await program<{ items: Billing[] }>('GET', '/v1.0/billings?transaction_type=usage')
    const own = bills.items.filter(one => callIds.includes(one.reference_id ?? ''))
    expect(new Set(own.map(one => one.reference_id)).size).toBe(3)
    expect(own.map(one => one.cost_type)).toEqual(Array(3).fill('call_pstn_incoming'))
  })
}, 120_000)

test('the seed’s flow answers, begins to record, and joins the conference [S1-18] [S1-45]', async () => {
  await answers([
    { type: 'answer' },
    { type: 'record_start' },
    { type: 'conference_join', option: { conference_id: 'Recorded' } },
  ])
  const sid = caller([{ pauseMs: 60_000 }])
  await until(async () => {
    const [made] = (await conferences()).filter(one => one.name === 'Recorded')
    expect(inside(made?.id ?? '')).toEqual([sid])
  })
  expect(stage.network.control.world().recordings.filter(one => one.callSid === sid)).toHaveLength(1)
  stage.network.control.hangUpCall(sid)
  await ended(sid)
}, 60_000)

test('a PIN is asked for, three tries are all, and whoever is refused goes on in the flow [S1-45]', async () => {
  const { id } = await program<Conference>('POST', '/v1.0/conferences', { name: 'Board', pin: '4711' })
  await answers([
    { type: 'answer' },
    { type: 'conference_join', option: { conference_id: id, refused_target_id: 'no', pin_timeout: 6_000 } },
    { id: 'over', type: 'talk', option: { text: 'The meeting is over.' }, next_id: FINISH_ID },
    { id: 'no', type: 'talk', option: { text: 'You were not let in.' } },
  ])
  const wrong = [{ press: '1111#' }, LISTEN, { press: '2222#' }, LISTEN, { press: '3333#' }]
  const guesses = caller([LISTEN, ...wrong, { pauseMs: 60_000 }])
  const knows = caller([LISTEN, { press: '1#' }, LISTEN, { press: '4711#' }, { pauseMs: 60_000 }])
  await until(() => expect(inside(id)).toEqual([knows]))
  await ended(guesses)
  expect(said(guesses).at(-1)).toBe('You were not let in.')
  expect(said(guesses).filter(text => text?.startsWith('This PIN is not right'))).toHaveLength(2)
  expect(JSON.stringify(log().filter(one => one.kind === 'participant-joined' && one.callSid === guesses))).toBe('[]')
  await program('DELETE', `/v1.0/conferences/${id}`)
  await ended(knows)
  expect(said(knows).at(-1)).toBe('The meeting is over.')
}, 120_000)

test('guests hear music until the moderator comes, one is muted and one is taken out, and all leave with the moderator [S1-46]', async () => {
  const settings = { waits_for: 'moderator', ends_with_moderator: true, max_participants: 3 }
  const { id } = await program<Conference>('POST', '/v1.0/conferences', { name: 'Town hall', ...settings })
  const join = (option: object) => [
    { type: 'answer' },
    { type: 'conference_join', option: { conference_id: 'town hall', ...option } },
    { type: 'talk', option: { text: `Result ${'$'}{trunkline.step.result}.` } },
  ]
  const talks = [{ pauseMs: 3_000 }, ...Array.from({ length: 30 }, () => ({ say: WORDS }))]
  await answers(join({}))
  const [talker, silent] = [caller(talks), caller([{ pauseMs: 120_000 }])]
  await until(() => expect(inside(id).sort()).toEqual([talker, silent].sort()))
  await until(() => expect(levels(silent).hears).toBeGreaterThan(0))
  expect(log().some(one => one.kind === 'conference-started' && one.conferenceSid === live(id))).toBe(false)
  await answers(join({ moderator: true }))
  const leads = caller([{ pauseMs: 120_000 }])
  await until(() =>
    expect(log().some(one => one.kind === 'conference-started' && one.conferenceSid === live(id))).toBe(true),
  )
  await until(() => expect(levels(leads).hears).toBeGreaterThan(SPEECH))
  const late = caller([{ pauseMs: 120_000 }])
  await ended(late)
  expect(said(late)).toEqual(['Result full.'])
  const of = async (sid: string) => {
    const found = (await participants(id)).find(one => one.reference_id === ours(sid))
    if (found === undefined) throw new Error('not in the conference')
    return found
  }
  expect((await of(leads)).role).toBe('moderator')
  await program('POST', `/v1.0/conferencecalls/${(await of(talker)).id}/mute`)
  await until(async () => expect((await of(talker)).muted).toBe(true))
  await until(() => expect(levels(leads).hears).toBeLessThan(SILENCE))
  await program('DELETE', `/conferencecalls/${(await of(talker)).id}`)
  await ended(talker)
  expect(said(talker)).toEqual(['Result kicked.'])
  stage.network.control.hangUpCall(leads)
  await ended(silent)
  expect(said(silent)).toEqual(['Result ended.'])
  expect(await participants(id)).toEqual([])
}, 120_000)
