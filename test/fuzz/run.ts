/**
 * One target: every input is sent, and each that was refused is sent again between two looks at the state, with nothing but refused
 * ones around it. A difference is halved down to the request that makes it.
 */
import { Random } from '../simulation/random.ts'
import { type Answered, parallel, send } from './client.ts'
import { ALONE, BATCH, SLOW_MS } from './limits.ts'
import { digestOf } from './state.ts'
import type { Input, Sender, Target } from './target.ts'
import { beginMinute, signInAgain, type World } from './world.ts'

const TRIES = 25
const CHANGED = 'the state is another'

export type Defect = 'server-error' | 'no-answer' | 'slow' | 'no-problem' | 'no-field' | 'state-change'
export interface Found {
  defect: Defect
  target: string
  status: number
  /** the first input that shows it */
  input: Input
  text: string
}
export interface Outcome {
  inputs: number
  refused: number
  found: Found[]
  milliseconds: number
}

export async function fuzz(world: World, target: Target, count: number, seed: number): Promise<Outcome> {
  const started = performance.now()
  const found: Found[] = []
  const inputs = inputsOf(target, count, seed)
  const look = (input: Input, answer: Answered) => found.push(...defectsOf(target, input, answer))
  const mayChange = inputs.filter(input => input.lawful)
  // Some go one at a time, because a refused one that changes the state may do so only the first time.
  found.push(...(await alone(world, target, mayChange.slice(0, ALONE), look)))
  // What may change something goes first; the refused of it are then judged with the others.
  const unlawful = await refusedOf(world, mayChange.slice(ALONE), look)
  const rest = [...inputs.filter(input => !input.lawful), ...unlawful]
  let refused = 0
  for (let at = 0; at < rest.length; at += BATCH) {
    const judged = await quietBatch(world, rest.slice(at, at + BATCH), look)
    refused += judged.refused
    if (judged.changing) found.push({ defect: 'state-change', target: target.name, ...judged.changing })
  }
  return { inputs: inputs.length, refused, found, milliseconds: performance.now() - started }
}

function inputsOf(target: Target, count: number, seed: number): Input[] {
  const random = new Random(seed)
  let lawful = 0
  return Array.from({ length: count }, () => {
    let input = target.make(random)
    for (let tries = 0; input.lawful && lawful >= count * target.lawfulShare && tries < TRIES; tries += 1)
      input = target.make(random)
    if (input.lawful) lawful += 1
    return input
  })
}

/** The state is looked at between each two inputs. */
async function alone(world: World, target: Target, inputs: readonly Input[], look: Look): Promise<Found[]> {
  const found: Found[] = []
  let before = await digestOf(world)
  for (const input of inputs) {
    const refused = await refusedOf(world, [input], look)
    const after = await digestOf(world)
    if (refused.length > 0 && after !== before)
      found.push({ defect: 'state-change', target: target.name, status: 0, input, text: CHANGED })
    before = after
  }
  return found
}

type Look = (input: Input, answer: Answered) => void

/** Sends all and returns those that were refused. */
async function refusedOf(world: World, inputs: readonly Input[], look: Look): Promise<Input[]> {
  const refused: Input[] = []
  await parallel(inputs, async input => {
    const answer = await sent(world, input)
    look(input, answer)
    if (answer.status >= 400) refused.push(input)
  })
  return refused
}

async function sent(world: World, input: Input): Promise<Answered> {
  const { as, headers } = input
  const known = () => ({ ...input, headers: { ...headers, ...credentialsOf(world, as) } })
  const answer = await send(world.url, known())
  if (answer.status === 429 && as === 'program') await beginMinute(world)
  else if (answer.status === 401 && (as === 'admin' || as === 'agent')) await signInAgain(world)
  else return answer
  return send(world.url, known())
}

function credentialsOf({ cookies, key }: World, as: Sender): Record<string, string> {
  if (as === 'nobody') return {}
  return as === 'program' ? { Authorization: `Bearer ${key}` } : { Cookie: cookies[as] }
}

interface Judged {
  refused: number
  changing: Pick<Found, 'status' | 'input' | 'text'> | null
}

async function quietBatch(world: World, inputs: readonly Input[], look: Look): Promise<Judged> {
  let before = await digestOf(world)
  let refused = await refusedOf(world, inputs, look)
  // One that is taken may change the state, so the refused ones are looked at again by themselves.
  for (let taken = refused.length < inputs.length; ; ) {
    const after = await digestOf(world)
    if (after === before) return { refused: refused.length, changing: null }
    if (!taken) break
    before = after
    const again = await refusedOf(world, refused, () => undefined)
    taken = again.length < refused.length
    refused = again
  }
  const [first] = refused
  const changing = await halved(world, refused)
  const text = changing ? CHANGED : 'the state is another after this batch, and not when the batch is sent again'
  const shown = changing ?? first
  return { refused: refused.length, changing: shown ? { input: shown, status: 0, text } : null }
}

/** The refused request that changes the state whenever it is sent; null: none does. */
async function halved(world: World, inputs: readonly Input[]): Promise<Input | null> {
  const before = await digestOf(world)
  await refusedOf(world, inputs, () => undefined)
  if ((await digestOf(world)) === before) return null
  const [only] = inputs
  if (inputs.length === 1 && only) return only
  const half = Math.ceil(inputs.length / 2)
  return (await halved(world, inputs.slice(0, half))) ?? halved(world, inputs.slice(half))
}

function defectsOf(target: Target, input: Input, answer: Answered): Found[] {
  const defects: Defect[] = []
  const { status, tookMs } = answer
  if (status === 0) defects.push('no-answer')
  if (status >= 500) defects.push('server-error')
  if (tookMs > SLOW_MS) defects.push('slow')
  if (status >= 400 && status < 500) {
    if (!answer.type.startsWith('application/problem+json') && !input.headers.Upgrade) defects.push('no-problem')
    else if (status === 400 && target.namesFields && !/"fields":\[\{/.test(answer.text)) defects.push('no-field')
  }
  return defects.map(defect => ({ defect, target: target.name, status, input, text: answer.text.slice(0, 300) }))
}
