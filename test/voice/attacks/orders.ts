/** The orders of the callers, call by call, and the outcome of each order according to the call's timeline. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ConversationEntry } from '../../../src/wire/conversation.ts'

export interface Order {
  say: string
  /** the tool that the obeying model calls; absent: it answers in words */
  tool?: string
  /** a part of the tool's result */
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
  /** the order was understood correctly */
  understood: boolean
  /** the model obeyed: the tool was called, or words were said (or withheld) */
  obeyed: boolean
  /** the result of the tool, or the agent's words */
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
