import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseUrl } from '../request-url.ts'
import { deepgramRefusal, keyOf, openAiRefusal, originAllowed, Refusal, refuseUpgrade } from './answering.ts'
import { modelOf } from './chat/models.ts'
import type { Ability } from './knobs.ts'
import { grammarFor } from './listen/grammars.ts'
import { readListenParameters } from './listen/listen-parameters.ts'
import { ListenSocket } from './listen/listen-socket.ts'
import { RealtimeSocket } from './realtime/realtime-socket.ts'
import { readSpeakParameters } from './speak/speak-parameters.ts'
import { SpeakSocket } from './speak/speak-socket.ts'
import type { SpeechParts } from './speech-server.ts'

/** The WebSockets of the speech services: every upgrade is accepted or refused here. */

/** One message of a client: a minute of 16-bit sound at 16 kHz. */
export const MESSAGE_BYTES_MAX = 2 * 1024 * 1024
export const SOCKETS_MAX = 500

const OPENAI_KEY = 'openai-insecure-api-key.'

/** Browsers cannot set headers: there the key is a subprotocol, `token, KEY`. */
function keyOfUpgrade(request: IncomingMessage): string {
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(part => part.trim())
  const [scheme, key] = protocols
  if (keyOf(request) !== '') return keyOf(request)
  const openAi = protocols.find(part => part.startsWith(OPENAI_KEY))
  if (openAi !== undefined) return openAi.slice(OPENAI_KEY.length)
  return (scheme === 'token' || scheme === 'bearer') && key !== undefined ? key : ''
}

const ABILITIES = new Map<string | undefined, Ability>([
  ['/v1/listen', 'listen'],
  ['/v1/speak', 'speak'],
  ['/v1/realtime', 'realtime'],
])

/** The beta's shape is asked for by a header, in browsers by a subprotocol. */
function wantsBeta({ headers }: IncomingMessage): boolean {
  const protocols = headers['sec-websocket-protocol'] ?? ''
  return headers['openai-beta'] === 'realtime=v1' || protocols.includes('openai-beta.realtime-v1')
}

/** Throws `Refusal`. */
function prepareRealtime(parts: SpeechParts, request: IncomingMessage, url: URL, drop: boolean) {
  const { knobs, scripts, recogniser, voices } = parts
  const model = url.searchParams.get('model')
  if (model === null) throw openAiRefusal(400, 'You must provide a model parameter.', 'model', 'missing_model')
  const { script, variant } = modelOf(model, scripts)
  if (variant === 'error') throw openAiRefusal(500, 'The server had an error while processing your request.')
  if (variant === 'busy') throw openAiRefusal(429, 'Rate limit reached for requests.', null, 'rate_limit_exceeded')
  const name = [...scripts].find(([, each]) => each === script)?.[0] ?? null
  const grammar = grammarFor(scripts, knobs.grammar ?? name)
  if (!grammar) throw openAiRefusal(400, `there is no grammar ${knobs.grammar}`)
  const shape = wantsBeta(request) ? ('beta' as const) : ('ga' as const)
  const silent = variant === 'silent'
  const options = { model, shape, script, grammar, recogniser, voices, knobs, silent, drop: drop || variant === 'cut' }
  return (socket: WebSocket) => void new RealtimeSocket(socket, options)
}

/** Returns what happens with the socket once it is open. Throws `Refusal`. */
function prepare(
  parts: SpeechParts,
  ability: Ability,
  request: IncomingMessage,
  url: URL,
  drop: boolean,
): (socket: WebSocket) => void {
  const { voices, knobs, now, recogniser, idleMs } = parts
  if (ability === 'realtime') return prepareRealtime(parts, request, url, drop)
  if (ability === 'speak') {
    const parameters = readSpeakParameters(url.searchParams, true)
    return socket => void new SpeakSocket(socket, { parameters, voices, knobs, now, drop })
  }
  const parameters = readListenParameters(url.searchParams)
  const wanted = parameters.grammar ?? knobs.grammar
  const grammar = grammarFor(parts.scripts, wanted, parameters.refuses)
  if (!grammar) throw deepgramRefusal(400, 'Bad Request', `Bad Request: there is no grammar ${wanted}`)
  return socket => void new ListenSocket(socket, { parameters, grammar, recogniser, knobs, now, idleMs, drop })
}

export interface SpeechSockets {
  /** Accepts or refuses an upgrade of any server. */
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void
  close(): void
}

export function takeSpeechSockets(server: Server, parts: SpeechParts): SpeechSockets {
  const { knobs } = parts
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    // Deepgram answers with the scheme and never with the key.
    handleProtocols: offered => [...offered][0] ?? false,
  })
  const upgrade = (request: IncomingMessage, raw: Duplex, head: Buffer): void => {
    raw.on('error', () => undefined)
    const url = parseUrl(request.url ?? '/', 'http://127.0.0.1')
    const ability = ABILITIES.get(url?.pathname) ?? null
    const refusal = (status: number, code: string, message: string): Refusal =>
      ability === 'realtime'
        ? openAiRefusal(status, message, null, status === 401 ? 'invalid_api_key' : null)
        : deepgramRefusal(status, code, message)
    const query = Object.fromEntries(url?.searchParams ?? [])
    const noted = knobs.note({ ability, method: 'WS', path: url?.pathname ?? '', query, body: null, status: 101 })
    try {
      if (!url || ability === null) throw refusal(404, 'NOT_FOUND', 'There is no such socket.')
      if (!originAllowed(request.headers.origin)) throw refusal(403, 'FORBIDDEN', `not for ${request.headers.origin}`)
      if (!parts.admits(keyOfUpgrade(request))) throw refusal(401, 'INVALID_AUTH', 'Invalid credentials.')
      if (sockets.clients.size >= SOCKETS_MAX) throw refusal(429, 'TOO_MANY_REQUESTS', 'Too many requests.')
      const { refuse, drop } = knobs.sentence(ability)
      if (refuse !== null) throw refusal(refuse, 'DEMANDED', 'This failure was asked for.')
      const begin = prepare(parts, ability, request, url, drop)
      sockets.handleUpgrade(request, raw, head, socket => {
        socket.once(
          'close',
          knobs.opened(ability, () => socket.terminate()),
        )
        begin(socket)
      })
    } catch (error) {
      const told = error instanceof Refusal ? error : refusal(500, 'INTERNAL', String(error))
      noted.status = told.status
      refuseUpgrade(raw, told)
    }
  }
  server.on('upgrade', upgrade)
  return {
    upgrade,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
