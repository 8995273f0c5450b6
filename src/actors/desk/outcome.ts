/** A saved outcome goes to whom it concerns: the campaign, the book, the inbox of whoever has promised a call, the CRM. */
import { consequenceOf, followsOf } from '../../core/campaign/dispositions.ts'
import { afterOutcome } from '../../core/campaign/retry.ts'
import type { OutcomeEffect } from '../../core/desk/outcome-words.ts'
import { deskName, workspaceOf } from '../../core/ids.ts'
import type { Neighbours } from '../neighbours.ts'
import type { NotedOutcome } from '../people.ts'

const NOTE_MAX = 500

export async function saveOutcome(
  near: Neighbours,
  deskId: string,
  by: string,
  effect: OutcomeEffect,
  id: string,
): Promise<void> {
  const at = near.now()
  const { campaignId, callId, contactId, outcomeId, note, number = null, fields } = effect
  const saved = { type: 'outcome.saved' as const, at, deskId, callId, contactId, outcomeId, note, ...followsOf(effect) }
  const learned = fields === undefined ? {} : { fields }
  await near.actor('campaign', campaignId).deliver({ ...saved, ...learned }, id)
  const consequence = consequenceOf(effect)
  if (consequence === 'lead')
    await near.actor('call', callId).deliver({ type: 'crm.wanted', at, phone: number ?? '' }, id)
  const { byHand, dueAt } = effect
  if (byHand && number !== null) {
    const box = { kind: 'person' as const, id: deskName(deskId) }
    const words = await promiseOf(near, deskId, dueAt ?? at, note)
    const entry = { kind: 'callback' as const, key: `${callId}.promised`, callId, number, atMs: at, note: words, box }
    await near.actor('inbox', workspaceOf(deskId)).file(entry)
  }
  if (contactId === null) return
  const again = byHand || afterOutcome({ outcomeId, ...followsOf(effect) }, at).status === 'active'
  const status: NotedOutcome['status'] = again ? 'active' : 'done'
  const doNotCall = consequence === 'do-not-call'
  const outcome = { contactId, result: outcomeId, note, at, by, callId, number, status, doNotCall, ...learned }
  await near.actor('workspace', workspaceOf(deskId)).noteContact(outcome)
}

/** By the clock of the workspace, which is the agent's. */
async function promiseOf(near: Neighbours, deskId: string, dueAt: number, note: string): Promise<string> {
  const { timeZone } = await near.actor('workspace', workspaceOf(deskId)).settings()
  const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone }).format(dueAt)
  return `You call back on ${when} (${timeZone}).${note === '' ? '' : ` ${note}`}`.slice(0, NOTE_MAX)
}
