/** What the workspace shows of itself, as one short text: equal texts, equal state. */
import { createHash } from 'node:crypto'
import { send } from './client.ts'
import { signInAgain, type World } from './world.ts'

const SHOWN = [
  '/api/workspace',
  '/api/members?limit=200',
  '/api/numbers',
  '/api/contacts?limit=200',
  '/api/campaigns',
  '/api/do-not-call?limit=200',
  '/api/do-not-call/removals',
  '/api/clearance/rules',
  '/api/consents?number=%2B14155550140',
  '/api/ai/agents',
  '/api/keys',
  '/v1.0/flows?limit=200',
]

/** Reads every list to its end. */
export async function digestOf(world: World): Promise<string> {
  const { agentId } = world.ids
  const paths = [...SHOWN, `/api/ai/agents/${agentId}/scenarios`, `/api/ai/agents/${agentId}/versions`]
  const texts = await Promise.all(paths.map(path => whole(world, path)))
  return createHash('sha256').update(texts.join('\n')).digest('hex')
}

async function whole(world: World, path: string): Promise<string> {
  const pages: string[] = []
  for (let cursor = ''; ; ) {
    const text = await read(world, `${path}${cursor}`)
    pages.push(text)
    const { next } = JSON.parse(text) as { next?: string | null }
    if (!next) return pages.join('\n')
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
}

async function read(world: World, path: string): Promise<string> {
  const ask = () => send(world.url, { method: 'GET', path, headers: { Cookie: world.cookies.admin }, body: null })
  const answer = await ask()
  if (answer.status === 200) return withoutUse(answer.text)
  if (answer.status === 401) await signInAgain(world)
  const second = await ask()
  if (second.status !== 200) throw new Error(`${path} answers ${second.status}, so the state cannot be seen`)
  return withoutUse(second.text)
}

/** When a key was used last changes with every request of a program. */
function withoutUse(text: string): string {
  return text.replaceAll(/"usedMs":(?:null|\d+)/g, '"usedMs":0')
}
