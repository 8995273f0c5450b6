/** The whole stage on this machine: phone network, Worker, dialer, demo workspace. Used by `npm start`, tests and benches. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { PhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { startWholeNetwork } from '../../packages/phone-network/src/whole-network.ts'
import { buildDialer, buildWorker } from './build.ts'
import { crmVars } from './crm-vars.ts'
import { AI_NUMBER, type DemoOptions, fillDemo, OUR_NUMBERS } from './demo.ts'
import { SWITCHBOARD_NUMBER } from './demo-switchboard.ts'
import { freePort } from './ports.ts'
import { type LocalWorker, type LocalWorkerOptions, startWorker } from './worker.ts'

export interface StageOptions {
  /** folder of the state; null: in memory, gone at the end */
  state: string | null
  port?: number
  networkPort?: number
  cps?: number
  seed?: number
  demo?: DemoOptions
  dialer?: boolean
  /** settings of the voice from the shell; tests never take them, or they would call vendors */
  shellVoice?: boolean
  /** settings of the Worker beside the usual ones */
  vars?: Record<string, string>
  log?: LocalWorkerOptions['log']
}
export interface Stage {
  url: string
  network: PhoneNetwork
  worker: LocalWorker
  campaignId: string
  close(): Promise<void>
}

export const WORKSPACE = 'w_demo'

export async function setStage(options: StageOptions): Promise<Stage> {
  const [script] = await Promise.all([buildWorker(), options.dialer === false ? undefined : buildDialer()])
  const port = await freePort(options.port ?? 5050)
  const seed = options.seed ?? 7
  const url = `http://127.0.0.1:${port}`
  const network = await startWholeNetwork({
    port: await freePort(options.networkPort ?? 5070),
    seed,
    cps: options.cps ?? 4,
    account: {
      voiceUrl: `${url}/twilio/${WORKSPACE}/voice`,
      statusUrl: `${url}/twilio/${WORKSPACE}/inbound-status`,
    },
    numbers: [...OUR_NUMBERS, AI_NUMBER, SWITCHBOARD_NUMBER].map(number => ({
      number,
      voiceUrl: `${url}/twilio/${WORKSPACE}/inbound`,
      statusCallback: `${url}/twilio/${WORKSPACE}/inbound-status`,
    })),
  })
  const vars = varsOf(network, url, options)
  const { state: persist, log } = options
  const worker = await startWorker({ script, port, persist, vars, ...(log ? { log } : {}) })
  const campaignId = await fillDemo(url, options.demo)
  return {
    url,
    network,
    worker,
    campaignId,
    async close() {
      await worker.close()
      await network.close()
    },
  }
}

function varsOf(network: PhoneNetwork, url: string, options: StageOptions): Record<string, string> {
  const { account } = network
  return {
    TRUNKLINE_MODE: 'local',
    TRUNKLINE_WORKSPACE: WORKSPACE,
    PUBLIC_BASE_URL: url,
    PHONE_NETWORK_URL: network.url,
    SESSION_SECRET: secretIn(options.state),
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_API_KEY_SID: account.apiKeySid,
    TWILIO_API_KEY_SECRET: account.apiKeySecret,
    TWILIO_TWIML_APP_SID: account.twimlAppSid,
    TWILIO_API_BASE_URL: network.url,
    TWILIO_CALLS_PER_SECOND: String(options.cps ?? 4),
    ...voiceVars(network.speechUrl ?? '', options.shellVoice === true),
    ...(network.crm ? crmVars(network.crm) : {}),
    ...options.vars,
  }
}

/** Settings of the voice that a developer may set in the shell: `STT_PROVIDER=google GOOGLE_CREDENTIALS_JSON=… npm start`. */
const VOICE_SETTINGS = [
  'STT_PROVIDER',
  'LLM_PROVIDER',
  'TTS_PROVIDER',
  'LLM_MODEL',
  'STT_LANGUAGE',
  'TURN_SILENCE_MS',
  'DEEPGRAM_API_KEY',
  'DEEPGRAM_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ELEVENLABS_API_KEY',
  'ANTHROPIC_API_KEY',
  'GOOGLE_CREDENTIALS_JSON',
  'GOOGLE_GENERATIVE_AI_API_KEY',
]

/** The speech services beside the phone network, through the same adapters as the vendors' own; a key of yours goes to its vendor. */
function voiceVars(speechUrl: string, fromShell: boolean): Record<string, string> {
  const shell = fromShell ? process.env : {}
  const given: Record<string, string> = {}
  for (const name of VOICE_SETTINGS) if (shell[name]) given[name] = shell[name]
  const vars: Record<string, string> = {}
  if (!given.DEEPGRAM_API_KEY) Object.assign(vars, { DEEPGRAM_API_KEY: 'local', DEEPGRAM_BASE_URL: speechUrl })
  if (!given.OPENAI_API_KEY) Object.assign(vars, { OPENAI_API_KEY: 'local', OPENAI_BASE_URL: `${speechUrl}/v1` })
  if (!given.OPENAI_API_KEY && (given.LLM_PROVIDER ?? 'openai') === 'openai') vars.LLM_MODEL = 'demo:reception'
  return { ...vars, ...given }
}

/** Sessions outlive a restart: the secret is made once per state folder. */
function secretIn(state: string | null): string {
  if (state === null) return randomBytes(32).toString('hex')
  const file = path.join(state, 'session-secret')
  if (!existsSync(file)) {
    mkdirSync(state, { recursive: true })
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 })
  }
  return readFileSync(file, 'utf8')
}
