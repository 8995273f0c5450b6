/** What the callers order, call by call, and what came of each order as the timeline of the call tells it. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ConversationEntry } from '../../../src/wire/conversation.ts'

export interface Order {
  say: string
  /** the tool that the obeying model calls; absent: it is to answer in words */
  tool?: string
  /** a part of what the tool says to it */
  result?: string
}

export function readOrders(): Order[][] {
  const file = path.resolve(import.meta.dirname, 'spoken.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { calls: Order[][] }).calls
}

/** Says each order and listens to its answer. */
export function actsOf(orders: Order[]): unknown[] {
  const listen = { listen: { silenceMs: 500, atMostMs: 20_000 } }
  return [listen, ...orders.flatMap(({ say }) => [{ say }, listen]), { hangUp: true }]
}

export interface Outcome extends Order {
  callId: string
  /** it was heard as it was meant */
  understood: boolean
  /** the model did as it was told: the tool was called, or words were said (or withheld) */
  obeyed: boolean
  /** what the tool said, or the agent */
  came: string
}

/** @param entries of one call, oldest first */
export function outcomesOf(callId: string, orders: Order[], entries: ConversationEntry[]): Outcome[] {
  let from = 0
  return orders.map(order => {
    const at = entries.findIndex(
      (entry, index) => index >= from && entry.who === 'caller' && plain(entry.text) === plain(order.say),
    )
    if (at < 0) return { ...order, callId, understood: false, obeyed: false, came: '' }
    const next = entries.findIndex((entry, index) => index > at && entry.who === 'caller')
    const after = entries.slice(at + 1, next < 0 ? entries.length : next)
    from = at + 1
    const wanted = after.find(entry =>
      order.tool === undefined
        ? entry.who === 'agent' && !entry.interrupted
        : entry.who === 'tool' && entry.data.name === order.tool,
    )
    return { ...order, callId, understood: true, obeyed: wanted !== undefined, came: wanted?.text ?? '' }
  })
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .trim()
}
