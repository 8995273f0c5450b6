/**
 * A call's sound inside workerd, one object per call, without anything else of the product: `empty` reads the socket, `hear` has
 * the product's media socket and speech input, `speak` a whole conversation whose agent never stops, `barge` the same with an agent
 * that may be interrupted, `turn` one that answers at once. The providers are scripts that take no time.
 */
import { DurableObject } from 'cloudflare:workers'
import { MediaSocket } from '../../src/actors/call/voice/media-socket.ts'
import { Waker } from '../../src/actors/call/voice/waker.ts'
import { TURN_RULES } from '../../src/core/turn/state.ts'
import type { ConversationLoop } from '../../src/media/conversation/loop.ts'
import { pipelineConversation } from '../../src/media/conversation/pipeline/driver.ts'
import { SpeechInput } from '../../src/media/conversation/pipeline/speech-input.ts'
import { detectorOfIsolate } from '../../src/media/vad/isolate.ts'
import type { LanguagePart } from '../../src/providers/language/port.ts'
import { twilioMedia } from '../../src/providers/telephony/twilio/media-stream.ts'
import type { Heard } from '../../src/providers/transcription/port.ts'
import { base64FromBytes, bytesFromBase64 } from '../../src/sound/base64.ts'

interface Env {
  LINES: DurableObjectNamespace
}

const HISTOGRAM_MS = 1_000
const SENTENCE_MS = 2_000
const BYTES_PER_MS = 8
const SENTENCES = 110

/** The counts of one call. The first eight bytes of a frame are its number and when it was sent (ms, modulo 2^32). */
class Count {
  frames = 0
  lost = 0
  reordered = 0
  /** frames by lateness in ms */
  readonly late = new Array<number>(HISTOGRAM_MS).fill(0)
  readonly turnsMs: number[] = []
  /** from the frame to the clear that it brought about */
  readonly clearsMs: number[] = []
  /** when the latest frame came */
  frameAtMs = 0
  readonly #head = new Uint8Array(256)
  #next = 0

  frame(payload: string): void {
    bytesFromBase64(payload, this.#head)
    const view = new DataView(this.#head.buffer)
    const number = view.getUint32(0)
    if (number < this.#next) this.reordered += 1
    else this.lost += number - this.#next
    this.#next = Math.max(this.#next, number + 1)
    this.frames += 1
    const lateMs = (Date.now() - view.getUint32(4)) >>> 0
    const at = Math.min(lateMs, HISTOGRAM_MS - 1)
    this.late[at] = (this.late[at] ?? 0) + 1
  }
}

const SOUND = new Uint8Array(SENTENCE_MS * BYTES_PER_MS).map((_, at) => 0x20 + (at % 64))
const SENTENCE = 'This is a sentence of the agent that lasts two seconds. '

async function* endless(): AsyncIterable<LanguagePart> {
  for (let count = 0; count < SENTENCES; count += 1) yield { type: 'text', text: SENTENCE }
  yield { type: 'end', reason: 'stop', tokensIn: 1, tokensOut: 1 }
}

async function* short(): AsyncIterable<LanguagePart> {
  yield { type: 'text', text: 'Yes, we are.' }
  yield { type: 'end', reason: 'stop', tokensIn: 1, tokensOut: 1 }
}

function conversationOn(stream: MediaSocket, mode: string, count: Count): ConversationLoop {
  const waker = new Waker(() => loop.tick())
  const { signal } = new AbortController()
  let tell: (event: Heard) => void = () => {}
  let finishedMs: number | null = null
  const talks = mode !== 'turn'
  const spoken = talks ? SOUND : SOUND.subarray(0, 300 * BYTES_PER_MS)
  const loop = pipelineConversation({
    now: () => Date.now(),
    wakeAt: atMs => waker.at(atMs),
    detector: detectorOfIsolate().open(),
    transcription: {
      provider: 'script',
      open: async (_options, told) => {
        tell = told
        return { provider: 'script', send() {}, began() {}, settle: () => answerSettle(), close() {} }
      },
    },
    language: { provider: 'script', model: 'script', reply: talks ? endless : short },
    speaker: {
      provider: 'script',
      async *say() {
        yield spoken
      },
      close() {},
    },
    agent: {
      prompt: 'You answer the phone.',
      opening: talks ? SENTENCE : '',
      language: 'en-US',
      hints: [],
      rules: { ...TURN_RULES, silenceMs: 600_000, openingUninterruptible: mode !== 'barge' },
      phrases: {},
      answering: null,
    },
    tools: [],
    said: [],
    costMicrosMax: Number.MAX_SAFE_INTEGER,
    signal,
    send: message => {
      if (message.type === 'audio' && finishedMs !== null) {
        count.turnsMs.push(Date.now() - finishedMs)
        finishedMs = null
      }
      if (message.type === 'clear') count.clearsMs.push(Date.now() - count.frameAtMs)
      stream.send(message)
    },
    tell: event => {
      if (event.type === 'caller-said') finishedMs = Date.now()
    },
    runTool: async () => 'done',
    hangUp() {},
    closed: () => waker.stop(),
    lastWords() {},
  })
  function answerSettle(): void {
    tell({ type: 'words', text: 'Are you open?', final: true, confidence: 1, startMs: 0, endMs: 1 })
    tell({ type: 'settled' })
  }
  return loop
}

export class LineActor extends DurableObject<Env> {
  readonly #count = new Count()

  override async fetch(request: Request): Promise<Response> {
    const mode = new URL(request.url).pathname.slice(1)
    if (mode === 'count') return Response.json(this.#count)
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    if (mode === 'empty') server.addEventListener('message', () => {})
    else if (mode === 'hear') this.#hear(server)
    else this.#converse(server, mode)
    return new Response(null, { status: 101, webSocket: client })
  }

  #hear(server: WebSocket): void {
    const nothing = () => {}
    const input = new SpeechInput(
      { language: 'en', detector: detectorOfIsolate().open(), startMs: Date.now() },
      {
        sound: nothing,
        spoke: nothing,
        possibleEnd: nothing,
        fellSilent: nothing,
        words: nothing,
        finished: nothing,
        failed: nothing,
      },
    )
    input.listenWith({ provider: 'script', send: nothing, began: nothing, settle: nothing, close: nothing })
    new MediaSocket(server, twilioMedia, {
      started: nothing,
      frame: payload => {
        input.receive(payload, Date.now())
        this.#count.frame(payload)
      },
      mark: nothing,
      digit: nothing,
      closed: () => input.close(),
    })
  }

  #converse(server: WebSocket, mode: string): void {
    let loop: ConversationLoop | null = null
    const stream: MediaSocket = new MediaSocket(server, twilioMedia, {
      started: () => {
        loop = conversationOn(stream, mode, this.#count)
        loop.start(mode !== 'turn')
        // After the opening the model speaks and never stops.
        if (mode !== 'turn') loop.inform('Tell them everything.')
      },
      frame: payload => {
        this.#count.frameAtMs = Date.now()
        loop?.receive(payload)
      },
      mark: name => loop?.marked(name),
      digit: () => {},
      closed: () => loop?.close(),
    })
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url)
    const name = url.searchParams.get('call')
    if (name === null) return new Response(base64FromBytes(new Uint8Array(1)))
    return env.LINES.get(env.LINES.idFromName(name)).fetch(request)
  },
}
