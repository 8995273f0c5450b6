import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseUrl } from '../request-url.ts'
import { deepgramRefusal, keyOf, originAllowed, Refusal, refuseUpgrade } from './answering.ts'
import type { Ability } from './knobs.ts'
import { grammarFor } from './listen/grammars.ts'
import { readListenParameters } from './listen/listen-parameters.ts'
import { ListenSocket } from './listen/listen-socket.ts'
import { readSpeakParameters } from './speak/speak-parameters.ts'
import { SpeakSocket } from './speak/speak-socket.ts'
import type { SpeechParts } from './speech-server.ts'

/** The WebSockets of the speech services: every upgrade is accepted or refused here. */

/** One message of a client: a minute of 16-bit sound at 16 kHz. */
export const MESSAGE_BYTES_MAX = 2 * 1024 * 1024
export const SOCKETS_MAX = 500

/** Browsers cannot set headers: there the key is a subprotocol, `token, KEY`. */
function keyOfUpgrade(request: IncomingMessage): string {
  const [scheme, key] = (request.headers['sec-websocket-protocol'] ?? '').split(',').map(part => part.trim())
  if (keyOf(request) !== '') return keyOf(request)
  return (scheme === 'token' || scheme === 'bearer') && key !== undefined ? key : ''
}

/** Returns what happens with the socket once it is open. Throws `Refusal`. */
function prepare(parts: SpeechParts, ability: Ability, url: URL, drop: boolean): (socket: WebSocket) => void {
  const { voices, knobs, now, recogniser, idleMs } = parts
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

export function takeSpeechSockets(server: Server, parts: SpeechParts): { close(): void } {
  const { knobs } = parts
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    // Deepgram answers with the scheme and never with the key.
    handleProtocols: offered => [...offered][0] ?? false,
  })
  server.on('upgrade', (request: IncomingMessage, raw: Duplex, head: Buffer) => {
    raw.on('error', () => undefined)
    const url = parseUrl(request.url ?? '/', 'http://127.0.0.1')
    const ability = url?.pathname === '/v1/listen' ? 'listen' : url?.pathname === '/v1/speak' ? 'speak' : null
    const query = Object.fromEntries(url?.searchParams ?? [])
    const noted = knobs.note({ ability, method: 'WS', path: url?.pathname ?? '', query, body: null, status: 101 })
    try {
      if (!url || ability === null) throw deepgramRefusal(404, 'NOT_FOUND', 'There is no such socket.')
      if (!originAllowed(request.headers.origin))
        throw deepgramRefusal(403, 'FORBIDDEN', `not for ${request.headers.origin}`)
      if (!parts.admits(keyOfUpgrade(request))) throw deepgramRefusal(401, 'INVALID_AUTH', 'Invalid credentials.')
      if (sockets.clients.size >= SOCKETS_MAX) throw deepgramRefusal(429, 'TOO_MANY_REQUESTS', 'Too many requests.')
      const { refuse, drop } = knobs.sentence(ability)
      if (refuse !== null) throw deepgramRefusal(refuse, 'DEMANDED', 'This failure was asked for.')
      const begin = prepare(parts, ability, url, drop)
      sockets.handleUpgrade(request, raw, head, socket => {
        socket.once(
          'close',
          knobs.opened(ability, () => socket.terminate()),
        )
        begin(socket)
      })
    } catch (error) {
      const refusal = error instanceof Refusal ? error : deepgramRefusal(500, 'INTERNAL', String(error))
      noted.status = refusal.status
      refuseUpgrade(raw, refusal)
    }
  })
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}
