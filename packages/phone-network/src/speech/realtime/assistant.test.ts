import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { PhoneNetwork } from '../../phone-network.ts'
import { environmentOf } from '../../program-environment.ts'
import { Waiters } from '../../testing/waiters.ts'
import { startWholeNetwork } from '../../whole-network.ts'

/** An unchanged telephone assistant (Media Streams and OpenAI Realtime) talks with a pretend person, without a key. */

const PROGRAM = path.resolve(import.meta.dirname, '../../testing/assistant-program.cjs')
const OURS = '+14155550000'

interface Told {
  type: string
  port?: number
  words?: string
}

let network: PhoneNetwork | null = null
let child: ChildProcess | null = null

afterEach(async () => {
  child?.kill('SIGKILL')
  await network?.close()
})

function startProgram(
  own: PhoneNetwork,
  shape: string,
): { told: Told[]; until: (test: () => boolean) => Promise<void> } {
  const env = { PATH: process.env.PATH, ...environmentOf(own, '', true) }
  const started = spawn(process.execPath, [PROGRAM, shape], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  child = started
  const told: Told[] = []
  const waiters = new Waiters()
  let rest = ''
  started.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    told.push(...lines.map(line => JSON.parse(line) as Told))
    waiters.look()
  })
  return { told, until: test => waiters.until(test, 60_000, () => JSON.stringify(told)) }
}

test.each(['beta', 'ga'])(
  'it greets, hears a question and answers it; the caller hears both (%s) [C14]',
  async shape => {
    const own = await startWholeNetwork({ port: 0, tlsPort: 0, account: {} })
    network = own
    const { told, until } = startProgram(own, shape)
    const said = () => told.flatMap(({ type, words = '' }) => (type === 'said' ? [words] : []))
    await until(() => told[0]?.type === 'listens')
    own.control.setNumber({ number: OURS, voiceUrl: `http://127.0.0.1:${told[0]?.port}/voice` })
    const acts = [
      { listen: { silenceMs: 900, atMostMs: 15_000 } },
      { say: 'what are your opening hours' },
      { listen: { silenceMs: 900, atMostMs: 30_000 } },
      { pauseMs: 60_000 },
    ]
    const callSid = own.control.dial('+14155551001', OURS, { kind: 'human', acts, voice: 'rms' })
    await until(() => said().length >= 2)
    expect(said()[0]).toBe('Hello, I am the assistant of this office.')
    expect(said()[1]).toMatch(/open|nine/i)
    const hears = () => own.control.world().calls.find(call => call.sid === callSid)?.levels?.hears ?? 0
    await expect.poll(hears, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0.01)
    expect(told.filter(({ type }) => type === 'error' || type === 'broken')).toEqual([])
    own.control.hangUpCall(callSid)
    await own.idle()
  },
)
