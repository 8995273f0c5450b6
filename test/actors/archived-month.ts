/** A month of the log that has been over for long, with calls in it, and the parts of its archive around a storage of the test's own. */
import { runInDurableObject } from 'cloudflare:test'
import { Archive } from '../../src/actors/log/archive/archive.ts'
import { Archiver, type Limits } from '../../src/actors/log/archive/archiver.ts'
import { Segments } from '../../src/actors/log/archive/segments.ts'
import { Shelf } from '../../src/actors/log/archive/shelf.ts'
import type { LoggedFact } from '../../src/actors/log/events.ts'
import { projectFacts } from '../../src/actors/log/intake.ts'
import { Months } from '../../src/actors/log/months.ts'
import { LogReader } from '../../src/actors/log/reader.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { logId } from '../../src/core/ids.ts'
import { endOfMonth, monthOf, monthsAfter } from '../../src/core/month.ts'
import type { FileStorage } from '../../src/providers/storage/port.ts'
import type { CallDetail, CallRow, EventPage, LogEvent } from '../../src/wire/api.ts'
import { bindings } from './stage.ts'

export const NOW = monthOf(Date.now())
export const OLD = monthsAfter(NOW, -4)
/** Small segments, so that a few calls have several. */
export const SMALL: Limits = { eventCharsKept: 4_000, segmentChars: 3_000, segmentCalls: 5 }

export const logOfMonth = (workspaceId: string, month: string) => stubFor(bindings, 'log', logId(workspaceId, month))
export const objectOf = (workspaceId: string, month: string) =>
  logOfMonth(workspaceId, month) as unknown as DurableObjectStub

export const bucket = () => bindings.ARCHIVE as R2Bucket
export const filesOf = async (prefix: string) => (await bucket().list({ prefix })).objects.map(object => object.key)

const NAMES = ['Ann', '100% Öko_Haus', 'Bo "the Bear" O’Hara', 'Zoë', 'ann-marie']

/** The facts of call `n`, as a campaign's round makes them, less those that repeat others. */
export function factsOf(workspaceId: string, n: number, month = OLD): LoggedFact[] {
  const callId = `${workspaceId}.c_1.b${n}.1`
  const [desk, batch] = [`${workspaceId}.d_agent${n % 3}`, `${workspaceId}.c_1.b${n}`]
  const at = endOfMonth(monthsAfter(month, -1)) + 60_000 * (n - (n % 2))
  const links = { kind: 'campaign', batchId: batch, campaignId: `${workspaceId}.c_1`, contactId: `p${n}` }
  const personal = { to: `+1415555${1000 + n}`, from: '+14155550001', name: NAMES[n % NAMES.length] }
  const call = { call: callId }
  const own = (seq: number, fact: LoggedFact['fact']) => ({ source: callId, seq, about: call, fact })
  return [
    own(1, {
      ...{ type: 'call-created', at, options: {}, talk: null, personal },
      links: { ...links, deskId: desk, agentName: `Agent ${n % 3}` },
    }),
    own(2, { type: 'call-placed', at: at + 1, providerId: `CA${n}`, status: 'queued' }),
    {
      source: batch,
      seq: 1,
      about: { ...call, batch },
      fact: { type: 'leg-judged', at: at + 2, legId: callId, verdict: 'human' },
    },
    { source: batch, seq: 2, about: { batch }, fact: { type: 'batch-closed', at: at + 3 } },
    own(3, {
      ...{ type: 'call-hungup', at: at + 4, reason: 'normal', providerStatus: 'completed', talkedMs: n, code: null },
    }),
    ...(n % 4 === 0
      ? [
          {
            ...{ source: `${desk}.o${n}`, seq: 1, about: { ...call, desk } },
            fact: {
              type: 'outcome-saved',
              at: at + 5,
              callId,
              outcomeId: 'sold',
              personal: { note: `wants quote ${n}` },
            },
          },
        ]
      : []),
  ]
}

/** Puts `count` calls into a month that is over; the month of now is the newest. */
export async function filled(workspaceId: string, count: number, month = OLD): Promise<void> {
  const home = stubFor(bindings, 'log', workspaceId)
  for (const one of [month, NOW]) await home.months(one)
  const facts = Array.from({ length: count }, (_, n) => factsOf(workspaceId, n, month)).flat()
  await runInDurableObject(objectOf(workspaceId, month), (_, { storage }) => {
    storage.transactionSync(() => projectFacts(storage.sql, facts, Date.now()))
    storage.sql.exec('UPDATE month SET entered = 1, sealed = 1')
    storage.sql.exec('DELETE FROM open')
  })
}

export interface Parts {
  ctx: DurableObjectState
  sql: SqlStorage
  archive: Archive
  archiver: Archiver
  segments: Segments
  reader: LogReader
}

/** The shipping classes on the disk of this month's object. */
export function inMonth<T>(
  workspaceId: string,
  month: string,
  storage: FileStorage | null,
  work: (parts: Parts) => Promise<T>,
  limits: Limits = SMALL,
): Promise<T> {
  return runInDurableObject(objectOf(workspaceId, month), async (_, ctx) => {
    const { sql } = ctx.storage
    const months = new Months(bindings, sql, logId(workspaceId, month))
    const segments = new Segments(sql)
    const shelf = new Shelf(storage, workspaceId, month)
    const archive = new Archive(sql, segments, shelf)
    const archiver = new Archiver(ctx.storage, { segments, shelf, archive }, limits)
    return work({ ctx, sql, archive, archiver, segments, reader: new LogReader(sql, months, { segments, archive }) })
  })
}

/** Moves the whole month, from wherever it stands. */
export async function archived({ archiver }: Pick<Parts, 'archiver'>, now = Date.now()): Promise<number> {
  let steps = 0
  while (await archiver.step(now, true)) steps += 1
  return steps
}

const QUERIES = [
  {},
  { agentId: 'agent1' },
  { outcome: 'sold' },
  { outcome: 'sold', agentId: 'agent0' },
  { direction: 'inbound' as const },
  { result: 'connected' },
  { q: 'ann' },
  { q: 'ÖKO' },
  { q: 'Öko' },
  { q: '100% ö' },
  { q: '0% Ö' },
  { q: 'o_h' },
  { q: '"the' },
  { q: 'quote 8' },
  { q: '(555) 100-7' },
  { q: '55' },
  { q: 'nobody' },
]

/** Everything that can be asked of a month, page by page. */
export async function answersOf(
  { reader }: Pick<Parts, 'reader'>,
  workspaceId: string,
  count: number,
): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {}
  for (const query of QUERIES) {
    for (const limit of [3, 200]) {
      const rows: CallRow[] = []
      for (let cursor: string | null = null; ; ) {
        const page = await reader.list({ cursor, limit, ...query })
        rows.push(...page.items)
        cursor = page.next
        if (cursor === null) break
      }
      answers[`list ${JSON.stringify(query)} by ${limit}`] = rows
    }
  }
  for (let n = 0; n <= count; n += 1) {
    const callId = `${workspaceId}.c_1.b${n}.1`
    answers[`detail ${n}`] = (await reader.detail(callId)) satisfies CallDetail | null
    answers[`by CA${n}`] = await reader.rowOf('provider_id', `CA${n}`)
    answers[`row ${n}`] = await reader.rowOf('call_id', callId)
  }
  for (const types of [null, ['outcome-saved', 'call-created']])
    for (const limit of [4, 200]) answers[`events ${types} by ${limit}`] = await eventsOf({ reader }, limit, types)
  return answers
}

export async function eventsOf({ reader }: Pick<Parts, 'reader'>, limit: number, types: string[] | null) {
  const events: LogEvent[] = []
  for (let cursor: string | null = null; ; ) {
    const page = (await reader.events({ cursor, limit, types })) as EventPage
    events.push(...page.items)
    cursor = page.next
    if (!page.more) return events
  }
}

export function countsOf({ sql }: Pick<Parts, 'sql'>): Record<string, number> {
  const tables = ['calls', 'events', 'heard', 'late', 'segments']
  return Object.fromEntries(
    tables.map(table => [table, Number(sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).one().n)]),
  )
}
