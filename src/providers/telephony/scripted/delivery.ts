/** Delivers the webhooks of a scripted network in order, and lets calls perform the documents of the answers. */
import type { ScriptedAccount } from '../port.ts'
import type { Step } from './instructions.ts'
import type { ScriptedNetwork } from './network.ts'
import { SIGNATURE_HEADER, signatureOf } from './webhooks.ts'

/** The way to the program: a test hands a function in, so that this folder needs no network. */
export type Post = (
  url: string,
  headers: Record<string, string>,
  body: string,
) => Promise<{ status: number; text: string }>

/** Until nothing is left to say, also of what the documents cause. Returns the status of every answer. */
export async function deliver(network: ScriptedNetwork, account: ScriptedAccount, post: Post): Promise<number[]> {
  const statuses: number[] = []
  for (let next = network.unsent.shift(); next !== undefined; next = network.unsent.shift()) {
    const body = JSON.stringify(next.body)
    const signature = await signatureOf(account, next.url, body)
    const { status, text } = await post(
      next.url,
      { 'Content-Type': 'application/json', [SIGNATURE_HEADER]: signature },
      body,
    )
    statuses.push(status)
    if (next.asks !== null && status === 200) network.perform(next.asks, (JSON.parse(text) as { steps: Step[] }).steps)
  }
  return statuses
}
