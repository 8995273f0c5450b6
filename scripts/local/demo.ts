/** The demo workspace, filled through the product's own API: what a team's administrator would do by hand. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './build.ts'
import { type Ask, fillSwitchboard } from './demo-switchboard.ts'

export const OUR_NUMBERS = ['+14155550001', '+14155550002', '+14155550003']
/** The AI agent of the demo answers this one. */
export const AI_NUMBER = '+14155550010'

interface DemoPerson {
  name: string
  company: string
  number: string
  timeZone?: string
  timezone?: string
}

export interface DemoOptions {
  name?: string
  people?: DemoPerson[]
  campaign?: Record<string, unknown>
}

const OUTCOMES = [
  'Interested',
  'Meeting booked',
  'Call back',
  'Not interested',
  'Wrong person',
  'Left with colleague',
  'Do not call',
]
const OUTCOME_IDS = ['interested', 'meeting', 'callback', 'not-interested', 'wrong-person', 'colleague', 'do-not-call']

export const DEMO_CAMPAIGN = {
  name: 'Spring renewals',
  lines: 4,
  script:
    'Hi {firstName}, this is {agent} from Northwind Supplies. Your plan at {company} is up for renewal this month. ' +
    'Is now a good moment for two minutes?\n\nIf yes: what has changed for you since last year?\nIf no: when may I call back?',
  outcomes: OUTCOMES.map((label, index) => ({ key: index + 1, outcomeId: OUTCOME_IDS[index], label })),
  wrapUpSeconds: 30,
  // People try the demo at any hour; a real campaign keeps the default of 8 to 21 at the called party.
  callingHours: { fromHour: 0, toHour: 24 },
}

/** Signs in a demo user; the cookie to send with further requests. */
export async function signIn(base: string, key: string): Promise<string> {
  const answer = await fetch(`${base}/api/demo/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  if (!answer.ok) throw new Error(`demo sign-in: ${answer.status} ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map(cookie => cookie.split(';', 1)[0])
    .join('; ')
}

export async function call<T>(base: string, cookie: string, method: string, route: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${base}${route}`, {
    method,
    headers: { Cookie: cookie, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${route}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as T
}

/** Idempotent: a second start finds what the first one made. */
export async function fillDemo(base: string, options: DemoOptions = {}): Promise<string> {
  const root = await signIn(base, 'root')
  const ada = await call<{ userId: string }>(base, await signIn(base, 'ada'), 'GET', '/api/me')
  const campaign = { ...DEMO_CAMPAIGN, ...options.campaign, name: options.name ?? DEMO_CAMPAIGN.name }
  const known = await call<{ items: { campaignId: string; name: string }[] }>(base, root, 'GET', '/api/campaigns')
  const found = known.items.find(one => one.name === campaign.name)
  const asRoot: Ask = (method, route, body) => call(base, root, method, route, body)
  if (found) {
    await fillSwitchboard(asRoot, ada.userId)
    return found.campaignId
  }
  await call(base, root, 'PUT', '/api/workspace', {
    name: 'Demo workspace',
    sellerName: 'Northwind Supplies',
    sellerNumber: OUR_NUMBERS[0],
  })
  // People try the demo at any hour and call the same pretend people again and again; a real workspace chooses a profile.
  await call(base, root, 'PUT', '/api/clearance/rules', { profile: 'custom', country: 'US' })
  for (const [index, number] of OUR_NUMBERS.entries()) {
    const body = { number, name: `Line ${index + 1}`, ownerUserId: ada.userId, inFlightCap: 4, cooldownSeconds: 0 }
    await call(base, root, 'POST', '/api/numbers', body)
  }
  await fillReception(base, root, ada.userId)
  await fillSwitchboard(asRoot, ada.userId)
  const { campaignId } = await call<{ campaignId: string }>(base, root, 'POST', '/api/campaigns', campaign)
  const contacts = (options.people ?? demoPeople()).map(person => {
    const [firstName = '', ...rest] = person.name.split(' ')
    return {
      firstName,
      lastName: rest.join(' '),
      company: person.company,
      phone: person.number,
      timeZone: person.timeZone ?? person.timezone ?? null,
    }
  })
  await call(base, root, 'POST', `/api/campaigns/${campaignId}/contacts`, { contacts })
  return campaignId
}

/** An AI agent that speaks the guided demo's script (packages/phone-network/src/speech/scripts/reception.json). */
async function fillReception(base: string, root: string, adaId: string): Promise<void> {
  const number = { number: AI_NUMBER, name: 'AI reception', inFlightCap: 20, cooldownSeconds: 0 }
  await call(base, root, 'POST', '/api/numbers', number)
  const { agentId } = await call<{ agentId: string }>(base, root, 'POST', '/api/ai/agents', {
    name: 'Robin',
    prompt: DEMO_PROMPT,
    opening: 'Hello, this is Robin at Northwind Supplies. How can I help you?',
    tools: [
      'transfer_call',
      'end_call',
      'leave_voicemail',
      'opt_out',
      'book_callback',
      'lookup_contact',
      'set_variable',
    ],
    // A person who tries the agent plays Amara Osei of the demo's CRM (packages/phone-network/src/crm/demo-contacts.ts).
    trialContactId: '003000000000001AAA',
    directory: ['agent', 'sales', 'support', 'billing'].map(name => ({
      name,
      kind: 'desk',
      target: adaId,
      description: name === 'agent' ? 'whoever is free' : `the ${name} department`,
    })),
  })
  await call(base, root, 'PUT', `/api/ai/agents/${agentId}/numbers`, { numbers: [AI_NUMBER] })
  for (const name of REHEARSED) {
    await call(base, root, 'PUT', `/api/ai/agents/${agentId}/scenarios/${name}`, shippedScenario(name))
  }
}

/** Those of `scenarios/` that need no phone network: the AI page runs them with a simulated caller. */
const REHEARSED = [
  'appointment-in-steps',
  'goodbye',
  'hours',
  'interruption',
  'keys',
  'opt-out',
  'out-of-grammar',
  'price',
]

/** For the first caller the recogniser is still loading while all else starts, so budgets are wider than the evaluation's. */
const BUDGET_MS_MIN = 3_000

function shippedScenario(name: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, 'scenarios', `${name}.json`), 'utf8'), (key, value: unknown) =>
    key === 'withinMs' ? Math.max(Number(value), BUDGET_MS_MIN) : value,
  )
}

const DEMO_PROMPT = `You are Robin, the receptionist of Northwind Supplies.
agent: Robin
company: Northwind Supplies
Opening hours are Monday to Friday, nine to five. A seat costs twenty dollars a month.
Book appointments, take messages, and hand people over to a colleague when they ask for one.`

function demoPeople(): DemoPerson[] {
  const file = JSON.parse(readFileSync(path.join(ROOT, 'packages/phone-network/src/people/demo.json'), 'utf8')) as
    | DemoPerson[]
    | { people: DemoPerson[] }
  return Array.isArray(file) ? file : file.people
}
