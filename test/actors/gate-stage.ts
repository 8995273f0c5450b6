/** What the tests of the gate and of the do-not-call list share: people, requests, and an agent who dials a campaign. */
import { stubFor } from '../../src/actors/stubs.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { deskWithLine, SETTINGS, say } from './sitting.ts'
import { bindings, cookieOf, migrated, request, type Stage } from './stage.ts'

/** The workspace of these tests has one number to call from. */
export async function openWorkspace(): Promise<void> {
  await migrated()
  await stubFor(bindings, 'trunk', 'w_test').saveNumber({
    number: '+14155550001',
    name: '',
    deskId: null,
    inFlightCap: 500,
    cooldownMs: 0,
  })
}

export const trunk = () => stubFor(bindings, 'trunk', 'w_test')
export const book = () => stubFor(bindings, 'workspace', 'w_test')
export const json = { 'Content-Type': 'application/json' }

export async function post(
  who: string,
  path: string,
  body: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await request(path, {
    method: 'POST',
    headers: { ...json, Cookie: await cookieOf(who) },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

let people = 0
/** A number that nobody else in this file has. */
export function stranger(): string {
  people += 1
  return `+1415555${String(3_000 + people)}`
}

export async function patchContact(
  id: string,
  body: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { ...json, Cookie: await cookieOf('ada') }
  const answer = await request(`/api/contacts/${id}`, { method: 'PATCH', headers, body: JSON.stringify(body) })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

export function importList(importId: string, numbers: string[]) {
  return post('sam', '/api/do-not-call/imports', { importId, numbers })
}

export async function listedWith(number: string): Promise<unknown[]> {
  const path = `/api/do-not-call?q=${encodeURIComponent(number)}`
  const answer = await request(path, { headers: { Cookie: await cookieOf('sam') } })
  return ((await answer.json()) as { items: unknown[] }).items
}

/** The rule that refuses a call by hand to this number now; null: none does. */
export async function ruleFor(number: string): Promise<unknown> {
  return (await post('ada', '/api/clearance/checks', { number })).body.rule
}

export async function agentOfAi(): Promise<string> {
  const agentId = 'ai_gate'
  await book().saveAiAgent(agentId, aiAgentBody.parse({ name: 'Robin', prompt: 'Speak.' }), 'Root')
  return agentId
}

export async function listed(): Promise<string> {
  const number = stranger()
  await book().optOut({ number, because: 'asked an AI agent' })
  return number
}

const DO_NOT_CALL = { key: 2, outcomeId: 'do-not-call', label: 'Do not call' }

/** A campaign with these numbers, and an agent who starts it with as many lines. */
export async function dialled(stage: Stage, tag: string, numbers: string[], ids: string[] = []) {
  const [deskId, campaignId] = [`w_test.d_${tag}`, `w_test.c_${tag}`]
  const { desk } = await deskWithLine(stage, deskId)
  const contacts = numbers.map((number, index) => ({
    contactId: ids[index] ?? `${tag}${index}`,
    name: '',
    company: '',
    number,
    numberShown: '',
    timeZone: null,
  }))
  await stage.stub('campaign', campaignId).configure({ ...SETTINGS, outcomes: [...SETTINGS.outcomes, DO_NOT_CALL] })
  await book().saveCampaign(campaignId, tag, 4)
  await stage.stub('campaign', campaignId).addContacts(contacts)
  await desk.command(say({ type: 'session.start', campaignId, lines: 4 }))
  return { deskId, campaignId, contacts }
}
