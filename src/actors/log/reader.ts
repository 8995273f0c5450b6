/** Answers from all months of a log: the month that is asked looks into its own rows and asks the earlier ones, newest first. */
import { monthOf } from '../../core/month.ts'
import { SUMS, type Sums } from '../../core/report/cells.ts'
import type { CallDetail, CallRow, EventPage } from '../../wire/api.ts'
import { type Archive, again } from './archive/archive.ts'
import type { Segments } from './archive/segments.ts'
import type { CallPage, EventQuery, LogQuery } from './contract.ts'
import { crmState } from './crm.ts'
import { type EventsPage, eventsAfter, lastEvent, timelineOf } from './events.ts'
import { callHere, cursorAt, monthOfCursor, placeInMonth, rowsOf } from './list.ts'
import { BEFORE, type Months } from './months.ts'
import { Rollups, type SumsQuery, type SumsRow } from './report/rollups.ts'
import { type Stint, stintsWithin } from './report/stints.ts'
import { rowOf } from './rows.ts'

export const PAGE_MAX = 200
const DAY_MS = 24 * 3_600_000

/** A question to one month alone, and its answer. They travel as JSON, because the data of events has no fixed shape. */
interface Questions {
  /** `reached`: the month was not read to its end; the next page begins behind this place */
  rows: { ask: { query: LogQuery }; answer: { rows: CallRow[]; reached: Place | null } }
  call: { ask: { callId: string }; answer: { call: CallRow | null; timeline: CallDetail['timeline'] } }
  row: { ask: { column: 'call_id' | 'provider_id'; id: string }; answer: CallRow | null }
  head: { ask: object; answer: number }
  sums: { ask: { query: SumsQuery }; answer: SumsRow[] }
  stints: { ask: { fromMs: number; toMs: number }; answer: Stint[] }
  events: {
    ask: { after: number; limit: number; types: string[] | null }
    answer: EventsPage & { over: boolean }
  }
}
export interface Figures {
  sums: SumsRow[]
  stints: Stint[]
}
interface Place {
  at: number
  callId: string
}
type Kind = keyof Questions
type Question = { [K in Kind]: { kind: K } & Questions[K]['ask'] }[Kind]

export class LogReader {
  readonly #sql: SqlStorage
  readonly #months: Months
  readonly #files: { segments: Segments; archive: Archive }
  readonly #rollups: Rollups

  constructor(sql: SqlStorage, months: Months, files: { segments: Segments; archive: Archive }) {
    this.#sql = sql
    this.#months = months
    this.#files = files
    this.#rollups = new Rollups(sql, files)
  }

  /**
   * Newest month first, and in it the newest call. A call that began at the very end of a month may stand in the next one. A search that
   * goes through the archive may end with a short page, and with a cursor for the rest.
   */
  async list(query: LogQuery): Promise<CallPage> {
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX)
    const months = await this.#newestFirst()
    const first = query.cursor === null ? 0 : months.indexOf(monthOfCursor(query.cursor) ?? '')
    if (first < 0) return { items: [], next: null, strayed: true }
    const found: { month: string; row: CallRow }[] = []
    let next: string | null = null
    for (const month of months.slice(first)) {
      const wanted = { ...query, limit: limit + 1 - found.length }
      const { rows, reached } = await this.#ask(month, 'rows', { query: wanted })
      found.push(...rows.map(row => ({ month, row })))
      if (reached) next = cursorAt(month, reached)
      if (reached || found.length > limit) break
    }
    const page = found.slice(0, limit)
    const last = page.at(-1)
    if (found.length > limit && last) next = cursorAt(last.month, { at: last.row.createdMs, callId: last.row.callId })
    return { items: page.map(one => one.row), next }
  }

  /** A call has one row, in the month in which it began; what came later stands in the months after that. */
  async detail(callId: string): Promise<CallDetail | null> {
    const timeline: CallDetail['timeline'] = []
    for (const month of await this.#newestFirst()) {
      const found = await this.#ask(month, 'call', { callId })
      timeline.unshift(...found.timeline)
      if (found.call) return { call: found.call, timeline, crm: crmState(timeline) }
    }
    return null
  }

  async rowOf(column: 'call_id' | 'provider_id', id: string): Promise<CallRow | null> {
    for (const month of await this.#newestFirst()) {
      const row = await this.#ask(month, 'row', { column, id })
      if (row) return row
    }
    return null
  }

  /** Null: there is no such cursor. */
  async events(query: EventQuery): Promise<EventPage | null> {
    const months = [...(await this.#newestFirst())].reverse()
    const [from = '', place = '', ...rest] = (query.cursor ?? `${months[0]}~0`).split('~')
    if (rest.length > 0 || !/^\d{1,15}$/.test(place)) return null
    if (!months.includes(from)) return this.#afterEmpty(from, place, months, query)
    // From a place that is not there yet, events would be left out when they come.
    if (from === this.#months.own && Number(place) > lastEvent(this.#sql, this.#files.segments)) return null
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX)
    let [month, after] = [from, Number(place)]
    for (const later of months.slice(months.indexOf(from) + 1)) {
      const page = await this.#ask(month, 'events', { after, limit, types: query.types })
      if (page.beyond) return null
      const next = `${month}~${page.last}`
      if (page.items.length > 0 || page.more || !page.over) return { items: page.items, next, more: true }
      // A month that has taken no fact may never take one, and then it is no place to read on from.
      const isEmpty = later === this.#months.own && lastEvent(this.#sql, this.#files.segments) === 0
      if (isEmpty) return { items: [], next, more: false }
      ;[month, after] = [later, 0]
    }
    const { items, last, more, beyond } = await this.#ask(month, 'events', { after, limit, types: query.types })
    // Whoever reads on from there would miss what is written before it.
    if (beyond) return null
    return { items, next: `${month}~${last}`, more }
  }

  /** Readers of release 0.2.0 have places in months that took no fact. Such a place is the beginning of the next month that did. */
  async #afterEmpty(from: string, place: string, months: string[], query: EventQuery): Promise<EventPage | null> {
    const later = months.find(month => month !== BEFORE && month > from)
    if (!/^\d{4}-\d{2}$/.test(from) || Number(place) !== 0 || later === undefined) return null
    return this.events({ ...query, cursor: `${later}~0` })
  }

  /** The cursor behind the newest event of all months. */
  async head(): Promise<string> {
    const months = await this.#newestFirst()
    for (const month of months) {
      const last = await this.#ask(month, 'head', {})
      if (last > 0) return `${month}~${last}`
    }
    return `${months.at(-1)}~0`
  }

  /** What the calls of these days add up to, in all months: rows of one key are one row. */
  async #sums(query: SumsQuery): Promise<SumsRow[]> {
    const found = new Map<string, SumsRow>()
    for (const month of await this.#newestFirst()) {
      const days = query.days.filter(({ fromMs, toMs }) => mayHave(month, fromMs, toMs))
      if (days.length === 0) continue
      for (const row of await this.#ask(month, 'sums', { query: { ...query, days } })) {
        const known = found.get(row.key)
        found.set(row.key, known === undefined ? row : added(known, row))
      }
    }
    return [...found.values()]
  }

  async figures(query: SumsQuery): Promise<Figures> {
    const [first, last] = [query.days[0], query.days.at(-1)]
    const ofAgents = query.by === 'agent' && first !== undefined && last !== undefined
    const stints = ofAgents ? await this.#stints(first.fromMs, last.toMs) : []
    return { sums: await this.#sums(query), stints }
  }

  /** When agents were at their desks between two moments. */
  async #stints(fromMs: number, toMs: number): Promise<Stint[]> {
    const months = (await this.#newestFirst()).filter(month => month !== BEFORE && mayHave(month, fromMs, toMs))
    return (await Promise.all(months.map(month => this.#ask(month, 'stints', { fromMs, toMs })))).flat()
  }

  async #newestFirst(): Promise<string[]> {
    return [this.#months.own, ...(await this.#months.earlier())]
  }

  async #ask<K extends Kind>(month: string, kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    const question = { kind, ...ask } as Question
    if (month === this.#months.own) return (await this.answer(question)) as Questions[K]['answer']
    return JSON.parse(await this.#months.at(month).answer(JSON.stringify(question))) as Questions[K]['answer']
  }

  /** From this month alone, its rows and its files. Throws `ArchiveFailure` when a file cannot be read. */
  answer(question: Question): Promise<Questions[Kind]['answer']> {
    return again(() => this.#answer(question))
  }

  async #answer(question: Question): Promise<Questions[Kind]['answer']> {
    const { archive } = this.#files
    switch (question.kind) {
      case 'rows':
        return this.#rows(question.query)
      case 'call': {
        const [timeline, call] = await Promise.all([
          timelineOf(this.#sql, archive, question.callId),
          this.#row('call_id', question.callId),
        ])
        return { call, timeline }
      }
      case 'row':
        return this.#row(question.column, question.id)
      case 'head':
        return lastEvent(this.#sql, this.#files.segments)
      case 'sums':
        return this.#rollups.sums(question.query)
      case 'stints': {
        const { fromMs, toMs } = question
        return stintsWithin(this.#sql, fromMs, toMs, Math.min(Date.now(), this.#months.endsAt))
      }
      case 'events': {
        // Asked first: from the answer "over" on, nothing is added behind what is read here.
        const over = this.#months.isOver(Date.now())
        return { ...(await eventsAfter(this.#sql, this.#files, this.#months.own, question)), over }
      }
    }
  }

  /** Calls go to the archive oldest first, so those that are here come before those that are there. */
  async #rows(query: LogQuery): Promise<Questions['rows']['answer']> {
    const { own } = this.#months
    const here = rowsOf(this.#sql, own, query)
    if (here.length >= query.limit) return { rows: here, reached: null }
    const { archive } = this.#files
    const { rows, reached } = await archive.page(query, query.limit - here.length, placeInMonth(own, query.cursor))
    return { rows: [...here, ...rows.map(rowOf)], reached }
  }

  async #row(column: 'call_id' | 'provider_id', id: string): Promise<CallRow | null> {
    const here = callHere(this.#sql, column, id)
    if (here) return here
    const archived = await this.#files.archive.call(column, id)
    return archived && rowOf(archived)
  }
}

/** A call at the very end of a month may stand in the next one, and what 0.1.0 wrote is of any month. */
function mayHave(month: string, fromMs: number, toMs: number): boolean {
  return month === BEFORE || (monthOf(fromMs - DAY_MS) <= month && month <= monthOf(toMs + DAY_MS))
}

function added(one: SumsRow, other: SumsRow): SumsRow {
  const sums = Object.fromEntries(SUMS.map(name => [name, one[name] + other[name]])) as Sums
  return { ...sums, key: one.key, label: one.label || other.label }
}
