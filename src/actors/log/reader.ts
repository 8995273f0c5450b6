/** Answers from all months of a log: the month that is asked looks into its own rows and asks the earlier ones, newest first. */
import type { CallDetail, CallRow, EventPage, LogEvent } from '../../wire/api.ts'
import type { CallPage, EventQuery, LogQuery } from '../contracts.ts'
import { crmState } from './crm.ts'
import { eventsAfter, timelineOf } from './events.ts'
import { callHere, cursorAt, monthOfCursor, rowsOf } from './list.ts'
import type { Months } from './months.ts'

export const PAGE_MAX = 200

/** A question to one month alone, and its answer. They travel as JSON, because the data of events has no fixed shape. */
interface Questions {
  rows: { ask: { query: LogQuery }; answer: CallRow[] }
  call: { ask: { callId: string }; answer: { call: CallRow | null; timeline: CallDetail['timeline'] } }
  row: { ask: { column: 'call_id' | 'provider_id'; id: string }; answer: CallRow | null }
  events: {
    ask: { after: number; limit: number; types: string[] | null }
    answer: { items: LogEvent[]; last: number; more: boolean; over: boolean }
  }
}
type Kind = keyof Questions
type Question = { [K in Kind]: { kind: K } & Questions[K]['ask'] }[Kind]

export class LogReader {
  readonly #sql: SqlStorage
  readonly #months: Months

  constructor(sql: SqlStorage, months: Months) {
    this.#sql = sql
    this.#months = months
  }

  /** Newest month first, and in it the newest call. A call that began at the very end of a month may stand in the next one. */
  async list(query: LogQuery): Promise<CallPage> {
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX)
    const months = await this.#newestFirst()
    const first = query.cursor === null ? 0 : months.indexOf(monthOfCursor(query.cursor) ?? '')
    if (first < 0) return { items: [], next: null, strayed: true }
    const found: { month: string; row: CallRow }[] = []
    for (const month of months.slice(first)) {
      const wanted = { ...query, limit: limit + 1 - found.length }
      const rows = await this.#ask(month, 'rows', { query: wanted })
      found.push(...rows.map(row => ({ month, row })))
      if (found.length > limit) break
    }
    const page = found.slice(0, limit)
    const last = page.at(-1)
    const next = found.length > limit && last ? cursorAt(last.month, last.row) : null
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
    if (rest.length > 0 || !months.includes(from) || !/^\d{1,15}$/.test(place)) return null
    const limit = Math.min(Math.max(1, query.limit), PAGE_MAX)
    let [month, after] = [from, Number(place)]
    for (const later of months.slice(months.indexOf(from) + 1)) {
      const page = await this.#ask(month, 'events', { after, limit, types: query.types })
      const next = `${month}~${page.last}`
      if (page.items.length > 0 || page.more || !page.over) return { items: page.items, next, more: true }
      ;[month, after] = [later, 0]
    }
    const { items, last, more } = await this.#ask(month, 'events', { after, limit, types: query.types })
    return { items, next: `${month}~${last}`, more }
  }

  async #newestFirst(): Promise<string[]> {
    return [this.#months.own, ...(await this.#months.earlier())]
  }

  async #ask<K extends Kind>(month: string, kind: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer']> {
    const question = { kind, ...ask } as Question
    if (month === this.#months.own) return this.answer(question) as Questions[K]['answer']
    return JSON.parse(await this.#months.at(month).answer(JSON.stringify(question))) as Questions[K]['answer']
  }

  /** From the rows of this month alone. */
  answer(question: Question): Questions[Kind]['answer'] {
    switch (question.kind) {
      case 'rows':
        return rowsOf(this.#sql, this.#months.own, question.query)
      case 'call':
        return {
          call: callHere(this.#sql, 'call_id', question.callId),
          timeline: timelineOf(this.#sql, question.callId),
        }
      case 'row':
        return callHere(this.#sql, question.column, question.id)
      case 'events': {
        // Asked first: from the answer "over" on, nothing is added behind what is read here.
        const over = this.#months.isOver(Date.now())
        const { own } = this.#months
        return { ...eventsAfter(this.#sql, own, question.after, question.limit, question.types), over }
      }
    }
  }
}
