import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { listen } from '../listening.ts'
import type { Voices } from '../media/plane.ts'
import { deepgramRefusal, keyOf, openAiRefusal, originAllowed, Refusal, sendJson } from './answering.ts'
import { modelList } from './chat/models.ts'
import { answerChat } from './chat/responder.ts'
import { loadScripts, type Script } from './dialogue/script-file.ts'
import { type Ability, SpeechKnobs, type SpeechRequest, short } from './knobs.ts'
import { IDLE_MS } from './listen/listen-socket.ts'
import { Recogniser } from './listen/recogniser.ts'
import { answerTranscription } from './listen/transcription-http.ts'
import { answerAudioSpeech, answerSpeak } from './speak/speak-http.ts'
import { takeSpeechSockets } from './speech-sockets.ts'

/** The speech services on 127.0.0.1: Deepgram's `/v1/listen` and `/v1/speak`, OpenAI's chat, transcriptions, speech and Realtime. */

export const SPEECH_PORT = 5_072
/** More connections than this at once is a runaway. */
export const CONNECTIONS_MAX = 1_000

export interface SpeechOptions {
  /** 0: any free port; a busy one gives the next free one */
  port?: number
  voices: Voices
  /** the only key that is accepted; default: every key that does not begin with `wrong` */
  key?: string
  /** default: the scripts of `scripts/` */
  scripts?: ReadonlyMap<string, Script>
  knobs?: SpeechKnobs
  now?: () => number
  /** time after which a listener without sound is closed; for tests */
  idleMs?: number
  /** limit of the sound that waits for the recogniser, in samples; for tests */
  backlogMax?: number
}

export interface Speech {
  port: number
  /** http://127.0.0.1:PORT, the base URL of both vendors' clients */
  url: string
  knobs: SpeechKnobs
  /** Answers a request, and takes an upgrade, that has come to another server under the name of a vendor's host. */
  answer(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): Promise<void>
}

/** The parts of the server that every route may use. */
export interface SpeechParts {
  voices: Voices
  scripts: ReadonlyMap<string, Script>
  recogniser: Recogniser
  knobs: SpeechKnobs
  now: () => number
  idleMs: number
  /** whether a key is accepted */
  admits(key: string): boolean
}

interface Call {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  delayMs: number
  drop: boolean
  signal: AbortSignal
  noted(body: unknown): void
}

interface Route {
  ability: Ability | null
  vendor: 'deepgram' | 'openai'
  answer(parts: SpeechParts, call: Call): Promise<void>
}

const ROUTES: Record<string, Route> = {
  'POST /v1/speak': {
    ability: 'speak',
    vendor: 'deepgram',
    answer: ({ voices }, call) => answerSpeak(call.request, call.response, call.url.searchParams, { ...call, voices }),
  },
  'POST /v1/chat/completions': {
    ability: 'chat',
    vendor: 'openai',
    answer: ({ scripts, now }, call) => answerChat(call.request, call.response, { ...call, scripts, now }),
  },
  'POST /v1/audio/speech': {
    ability: 'speak',
    vendor: 'openai',
    answer: ({ voices }, call) => answerAudioSpeech(call.request, call.response, { ...call, voices }),
  },
  'POST /v1/audio/transcriptions': {
    ability: 'listen',
    vendor: 'openai',
    answer: (parts, call) => answerTranscription(call.request, call.response, { ...parts, ...call }),
  },
  'GET /v1/models': {
    ability: null,
    vendor: 'openai',
    answer: async ({ scripts }, { response }) => sendJson(response, 200, modelList(scripts)),
  },
}

function refusalOf(vendor: Route['vendor'], status: number, code: string, message: string): Refusal {
  return vendor === 'deepgram'
    ? deepgramRefusal(status, code, message)
    : openAiRefusal(status, message, null, status === 401 ? 'invalid_api_key' : null)
}

function routeOf(request: IncomingMessage, url: URL): Route {
  const route = ROUTES[`${request.method} ${url.pathname}`]
  if (route) return route
  const vendor = /^\/v1\/(listen|speak)$/.test(url.pathname) ? 'deepgram' : 'openai'
  const known = Object.keys(ROUTES).some(each => each.endsWith(` ${url.pathname}`)) || vendor === 'deepgram'
  if (known) throw refusalOf(vendor, 405, 'METHOD_NOT_ALLOWED', `Not allowed to ${request.method} on ${url.pathname}.`)
  throw refusalOf(vendor, 404, 'NOT_FOUND', `Invalid URL (${request.method} ${url.pathname})`)
}

async function serve(parts: SpeechParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { knobs } = parts
  let noted: SpeechRequest | null = null
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  try {
    if (!originAllowed(request.headers.origin)) throw openAiRefusal(403, `not for ${request.headers.origin}`)
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const route = routeOf(request, url)
    const { ability, vendor } = route
    const query = Object.fromEntries(url.searchParams)
    noted = knobs.note({ ability, method: request.method ?? '', path: url.pathname, query, body: null, status: 200 })
    const about = noted
    if (!parts.admits(keyOf(request))) {
      throw refusalOf(
        vendor,
        401,
        'INVALID_AUTH',
        vendor === 'deepgram' ? 'Invalid credentials.' : 'Incorrect API key provided.',
      )
    }
    const sentence = ability === null ? { refuse: null, drop: false, delayMs: 0 } : knobs.sentence(ability)
    if (sentence.refuse !== null) throw refusalOf(vendor, sentence.refuse, 'DEMANDED', 'This failure was asked for.')
    const closed = ability === null ? () => undefined : knobs.opened(ability, () => response.destroy())
    response.on('close', closed)
    await route.answer(parts, {
      request,
      response,
      url,
      ...sentence,
      signal: gone.signal,
      noted: body => {
        about.body = short(body)
      },
    })
  } catch (error) {
    const refusal =
      error instanceof Refusal ? error : openAiRefusal(500, error instanceof Error ? error.message : String(error))
    if (noted) noted.status = refusal.status
    if (!(error instanceof Refusal) && !gone.signal.aborted) console.error('speech services:', error)
    if (response.headersSent) response.destroy()
    else sendJson(response, refusal.status, refusal.body, refusal.headers)
  }
}

/** Starts the services. Nothing heavy is loaded before it is needed: no model, no thread. */
export async function startSpeech(options: SpeechOptions): Promise<Speech> {
  const { key, voices } = options
  const knobs = options.knobs ?? new SpeechKnobs(options.now)
  const scripts = options.scripts ?? loadScripts()
  const recogniser = new Recogniser({
    ...(options.backlogMax === undefined ? {} : { backlogMax: options.backlogMax }),
    dropped(ms, first) {
      if (first) console.warn('speech services: more is said than the recogniser can hear; sound is dropped')
      knobs.dropped(ms)
    },
  })
  const parts: SpeechParts = {
    voices,
    scripts,
    recogniser,
    knobs,
    now: options.now ?? Date.now,
    idleMs: options.idleMs ?? IDLE_MS,
    admits: given => (key === undefined ? given !== '' && !given.startsWith('wrong') : given === key),
  }
  const server = createServer((request, response) => void serve(parts, request, response))
  server.maxConnections = CONNECTIONS_MAX
  const sockets = takeSpeechSockets(server, parts)
  const port = await listen(server, options.port ?? SPEECH_PORT)
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    knobs,
    answer: (request, response) => void serve(parts, request, response),
    upgrade: sockets.upgrade,
    async close() {
      sockets.close()
      await recogniser.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
