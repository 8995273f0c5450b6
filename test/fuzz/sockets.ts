/**
 * Messages of sockets with mistakes in them. A socket is used for fewer messages than a person may send at once, then the next one is
 * opened. The last message of each is a good one, and its answer shows that the object still works.
 */
import { createHmac } from 'node:crypto'
import WebSocket from 'ws'
import { TOKEN } from '../../bench/webhook.ts'
import { sipDomainOf } from '../../src/core/ids.ts'
import { COMMANDS } from '../actors/security/meanings.ts'
import { Random } from '../simulation/random.ts'
import { mutatedJson } from './mutations.ts'
import type { Found, Outcome } from './run.ts'
import { mutatedSip, sipSamples } from './sip-texts.ts'
import { digestOf } from './state.ts'
import { signInAgain, WORKSPACE, type World } from './world.ts'

/** A desk takes 100 commands at once. */
const OF_DESK = 90
/** A stream that names no call is read for so many messages. */
const BEFORE_START = 4
const ANSWER_MS = 5_000
const ANSWER = /"type":"(?:view|pong)"/
/** So many that are none end the socket of a phone. */
const OF_PHONE = 15
const SIP = sipSamples(WORKSPACE)
/** Broken off, or ended by an error of the other side. */
const BROKEN = [1006, 1011]

interface Line {
  name: string
  samples: readonly object[]
  /** most messages of one socket */
  messages: number
  open(world: World): WebSocket
  /** a message whose answer shows that the object works; null: nothing is answered, and the close says it */
  asks: string | null
  /** the answer to `asks` */
  answers?: RegExp
  /** absent: mistakes in the JSON of the samples */
  make?: (random: Random) => string
}

const id = (random: Random) => ({ id: `f${random.between(1, 1e9)}` })

const LINES: readonly Line[] = [
  {
    name: 'SOCKET GET /api/desk',
    samples: Object.entries(COMMANDS).map(([type, { command }]) => ({ type, id: 'x', ...command })),
    messages: OF_DESK,
    open: ({ url, cookies }) => new WebSocket(`${url}/api/desk`, { headers: { Cookie: cookies.agent } }),
    asks: JSON.stringify({ id: 'last', type: 'hello', protocol: 1, tabId: 'fuzz', since: 0 }),
  },
  {
    name: 'SOCKET GET /v1.0/ws',
    samples: [
      { type: 'subscribe', topics: ['call_answered', 'call:w_bench.call_none', '*'], vocabulary: 'voipbin' },
      { type: 'subscribe', topics: ['inbound-call'], cursor: '2026-11~17~4fzzxjk' },
      { type: 'unsubscribe', topics: ['call_answered'] },
      { type: 'ack', cursor: 'before~0~0000000' },
      { type: 'ping' },
    ],
    messages: OF_DESK,
    open: ({ url, cookies }) => new WebSocket(`${url}/v1.0/ws`, { headers: { Cookie: cookies.admin } }),
    asks: JSON.stringify({ type: 'ping' }),
  },
  {
    name: 'SOCKET GET /api/calls/:callId/live',
    samples: [{ type: 'read' }, { seq: 1 }],
    messages: OF_DESK,
    open: ({ url, cookies, ids }) =>
      new WebSocket(`${url}/api/calls/${ids.callId}/live`, { headers: { Cookie: cookies.admin } }),
    asks: null,
  },
  {
    name: 'SOCKET /twilio/media-stream',
    samples: streamSamples(),
    messages: BEFORE_START,
    open: ({ url }) => new WebSocket(`${url}/twilio/media-stream`, { headers: upgradeSignature(url) }),
    asks: null,
  },
  {
    name: 'SOCKET GET /sip/:domain',
    samples: [],
    messages: OF_PHONE,
    open: ({ url }) => new WebSocket(`${url}/sip/${sipDomainOf(WORKSPACE)}`, 'sip'),
    asks: '\r\n',
    answers: /^\r\n$/,
    make: random => mutatedSip(SIP, random),
  },
]

export function fuzzSockets(world: World, count: number, seed: number): { name: string; run(): Promise<Outcome> }[] {
  return LINES.map((line, index) => ({ name: line.name, run: () => fuzzLine(world, line, count, seed + 900 + index) }))
}

async function fuzzLine(world: World, line: Line, count: number, seed: number): Promise<Outcome> {
  const started = performance.now()
  const random = new Random(seed)
  const found: Found[] = []
  let sent = 0
  const before = await digestOf(world)
  for (let sockets = 0; sent < count && sockets < count; sockets += 1) {
    const texts = Array.from({ length: Math.min(line.messages, count - sent) }, () => {
      if (line.make) return line.make(random)
      const sample = random.pick(line.samples)
      return mutatedJson('id' in sample ? { ...sample, ...id(random) } : sample, random)
    })
    const used = await useOne(world, line, texts)
    sent += used.sent
    if (used.trouble) found.push(foundOf(line, used.trouble, texts))
    if (found.length > 20) break
  }
  if (sent < count) found.push(foundOf(line, `only ${sent} of ${count} messages were taken`, []))
  // A command may only change the desk of who gives it, which is not among what is looked at.
  if ((await digestOf(world)) !== before)
    found.push({ ...foundOf(line, 'the state is another', []), defect: 'state-change' })
  return { inputs: sent, refused: sent, found, milliseconds: performance.now() - started }
}

interface Used {
  sent: number
  trouble: string | null
}

/** Sends until the texts are out or the other side closes, which it may with a code that says so. */
function useOne(world: World, line: Line, texts: readonly string[]): Promise<Used> {
  return new Promise(resolve => {
    const socket = line.open(world)
    let [sent, answers, over] = [0, 0, false]
    const end = (trouble: string | null) => {
      if (over) return
      over = true
      clearTimeout(timer)
      socket.terminate()
      // What the other side did not read before it closed is no input; where it answers, the answers say how much that was.
      const isWhole = sent === texts.length || line.asks === null
      resolve({ sent: isWhole ? sent : Math.min(sent, answers), trouble })
    }
    const timer = setTimeout(() => end(`no answer within ${ANSWER_MS} ms`), ANSWER_MS)
    const next = () => {
      if (over) return
      const text = texts[sent]
      if (text === undefined) return line.asks === null ? socket.close(1000) : socket.send(line.asks)
      socket.send(text, () => {
        sent += 1
        setImmediate(next)
      })
    }
    socket.on('open', next)
    socket.on('message', data => {
      answers += 1
      if (sent === texts.length && (line.answers ?? ANSWER).test(String(data))) end(null)
    })
    socket.on('close', code => end(BROKEN.includes(code) ? `closed with ${code}` : null))
    socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      if (statusCode === 401) void signInAgain(world).then(() => end(null))
      else end(statusCode >= 500 ? `answered ${statusCode}` : null)
    })
    socket.on('error', () => undefined)
  })
}

function foundOf(line: Line, text: string, texts: readonly string[]): Found {
  const body = texts.join('\n').slice(0, 20_000)
  const input = { method: 'GET', path: line.name, headers: {}, body, as: 'agent' as const, lawful: false }
  return { defect: 'server-error', target: line.name, status: 0, input, text }
}

function streamSamples(): object[] {
  const start = {
    streamSid: 'MZ1',
    callSid: 'CA1',
    mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
    customParameters: { callId: 'w_bench.call_none', token: 'none' },
  }
  return [
    { event: 'connected', protocol: 'Call', version: '1.0.0' },
    { event: 'start', sequenceNumber: '1', start, streamSid: 'MZ1' },
    { event: 'media', streamSid: 'MZ1', media: { track: 'inbound', payload: '//8=', chunk: '1', timestamp: '5' } },
    { event: 'dtmf', streamSid: 'MZ1', dtmf: { digit: '1' } },
    { event: 'mark', streamSid: 'MZ1', mark: { name: 'a' } },
    { event: 'stop', streamSid: 'MZ1' },
  ]
}

function upgradeSignature(url: string): Record<string, string> {
  const signed = `${url.replace(/^http/, 'wss')}/twilio/media-stream`
  return { 'X-Twilio-Signature': createHmac('sha1', TOKEN).update(signed).digest('base64') }
}
