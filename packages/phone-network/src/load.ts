import type { Entry } from './network-log.ts'
import type { PhoneNetwork } from './phone-network.ts'

/** Load generator: people call a program's number at a given rate, and the program's behaviour is summed up. */

export const LOAD_CALLS_MAX = 20_000
export const LOAD_CPS_MAX = 200
/** Callers listen to each sentence, ask their question, and hang up after this. */
const TALK_MS = 20_000
const AFTER_MS = 60_000
const TICK_MS = 100

export interface Load {
  calls: number
  cps: number
  /** how long a caller stays at most */
  talkMs: number
}

export interface LoadFigure {
  calls: number
  answered: number
  completed: number
  refused: number
  alerts: number
  webhooks: number
  failedWebhooks: number
  webhookP50Ms: number
  webhookP95Ms: number
  seconds: number
}

/** `calls=200,cps=20,talk=10`. Throws with what is wrong. */
export function readLoad(text: string): Load {
  const load: Load = { calls: 100, cps: 10, talkMs: TALK_MS }
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=')
    const number = Number(value)
    if (!Number.isInteger(number) || number < 1) throw new Error(`--load: ${name} must be a whole number above 0`)
    if (name === 'calls') load.calls = Math.min(number, LOAD_CALLS_MAX)
    else if (name === 'cps') load.cps = Math.min(number, LOAD_CPS_MAX)
    else if (name === 'talk') load.talkMs = number * 1_000
    else throw new Error(`--load knows calls, cps and talk (seconds), not "${name}"`)
  }
  return load
}

/** Callers have numbers that belong to nobody: +1 202 555 0000 and so on. */
function callerOf(index: number): string {
  return `+1202555${String(index % 10_000).padStart(4, '0')}`
}

/** Runs it to its end; resolves when no call is left, or a minute after the last one should have ended. */
export async function runLoad(network: PhoneNetwork, to: string, load: Load): Promise<LoadFigure> {
  const { control } = network
  const sum = new Tally()
  const stop = control.subscribe(entry => sum.take(entry))
  const startedAt = performance.now()
  const script = {
    kind: 'human',
    acts: [{ listen: true }, { say: 'Hello, I have a question.' }],
    repeat: true,
    hangUpMs: load.talkMs,
  }
  let refused = 0
  for (let index = 0; index < load.calls; ) {
    const due = Math.min(load.calls, Math.floor(((performance.now() - startedAt) / 1_000) * load.cps) + 1)
    for (; index < due; index += 1) {
      try {
        control.dial(callerOf(index), to, script)
      } catch {
        refused += 1
      }
    }
    await new Promise(resolve => setTimeout(resolve, TICK_MS))
  }
  const patience = performance.now() + load.talkMs + AFTER_MS
  while (control.census().live > 0 && performance.now() < patience) {
    await new Promise(resolve => setTimeout(resolve, TICK_MS))
  }
  await network.idle()
  stop()
  return {
    calls: load.calls,
    refused,
    ...sum.figure(),
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  }
}

class Tally {
  #answered = 0
  #completed = 0
  #alerts = 0
  #failed = 0
  readonly #ms: number[] = []

  take(entry: Entry): void {
    if (entry.kind === 'call-answered') this.#answered += 1
    else if (entry.kind === 'call-ended' && entry.status === 'completed') this.#completed += 1
    else if (entry.kind === 'alert' && entry.code !== 0) this.#alerts += 1
    else if (entry.kind === 'webhook') {
      this.#ms.push(entry.ms)
      if (entry.status === null || entry.status >= 400) this.#failed += 1
    }
  }

  figure() {
    const sorted = this.#ms.sort((a, b) => a - b)
    const share = (part: number): number => Math.round(sorted[Math.floor(sorted.length * part)] ?? 0)
    return {
      answered: this.#answered,
      completed: this.#completed,
      alerts: this.#alerts,
      webhooks: sorted.length,
      failedWebhooks: this.#failed,
      webhookP50Ms: share(0.5),
      webhookP95Ms: share(0.95),
    }
  }
}
