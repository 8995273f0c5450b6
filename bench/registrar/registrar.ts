/**
 * One SIP domain with a thousand phones that hibernate: how fast they register, what one takes of the memory, how long an INVITE needs until
 * the caller hears the ringing, and the same while another socket floods.
 */
import path from 'node:path'
import { WebSocket } from 'ws'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { sipDomainOf } from '../../src/core/ids.ts'
import { header, SipPhone } from '../../test/actors/sip-phone.ts'
import { inParallel } from '../parallel.ts'
import { ACTORS, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'

const PHONES = 1_000
const REGISTER_AT_ONCE = 50
const CALLS_AT_ONCE = 10
/** An object without work is put to sleep after ten seconds. */
const ASLEEP_MS = 13_000
const HEARS_MS = 20_000
const FLOOD = 10_000
const FLOOD_CALLS = 50

export interface RegistrarFigure {
  phones: number
  calls: number
  registersPerSecond: number
  inviteP50Ms: number
  inviteP99Ms: number
  lost: number
  bytesPerPhone: number
  /** the object had been put to sleep before the first call, and was made again for it */
  slept: boolean
  firstAfterSleepMs: number
  floodInviteP99Ms: number
}

export async function benchRegistrar(calls: number): Promise<RegistrarFigure> {
  const script = await buildWorker(path.join(WORK, 'bench'), 'bench/race/worker.ts')
  const port = await freePort(7_260)
  const url = `http://127.0.0.1:${port}`
  const actors = { ...ACTORS, REFERENCE: 'Reference' }
  const bare = await serveBare({ script, port, actors, vars: varsOf(url, url), inMemory: true })
  try {
    return await measure(bare, calls)
  } finally {
    bare.stop()
  }
}

async function measure(bare: Bare, calls: number): Promise<RegistrarFigure> {
  const names = Array.from({ length: PHONES + 1 }, (_, index) => String(1_000 + index))
  const answer = await fetch(`${bare.url}/bench/extensions`, { method: 'POST', body: JSON.stringify(names) })
  const secrets = (await answer.json()) as string[]
  const before = bare.residentMiB()
  const phones: BenchPhone[] = []
  const started = performance.now()
  await inParallel(names.slice(1), REGISTER_AT_ONCE, async name => {
    const phone = new BenchPhone(bare.url, name, secrets[names.indexOf(name)] ?? '')
    await phone.register()
    phones.push(phone)
  })
  const registersPerSecond = Math.round((PHONES / (performance.now() - started)) * 1_000)
  await new Promise(resolve => setTimeout(resolve, ASLEEP_MS))
  const bytesPerPhone = Math.round(((bare.residentMiB() - before) * 2 ** 20) / PHONES)
  const births = async () => (await (await fetch(`${bare.url}/bench/births`)).json()) as number
  const made = await births()
  const firstAfterSleepMs = await callOf(phones, 0)
  const slept = (await births()) > made
  const plain = await callAll(phones, calls)
  const last = new BenchPhone(bare.url, names[0] ?? '', secrets[0] ?? '')
  await last.register()
  const register = last.request('REGISTER', names[0] ?? '')
  for (let count = 0; count < FLOOD; count += 1) last.send(register)
  const flooded = await callAll(phones, FLOOD_CALLS)
  for (const phone of [...phones, last]) phone.close()
  return {
    ...{ phones: PHONES, calls, registersPerSecond },
    ...{ inviteP50Ms: percentile(plain.times, 0.5), inviteP99Ms: percentile(plain.times, 0.99) },
    ...{ lost: plain.lost + flooded.lost, bytesPerPhone, firstAfterSleepMs: Math.round(firstAfterSleepMs) },
    slept,
    floodInviteP99Ms: percentile(flooded.times, 0.99),
  }
}

async function callAll(phones: BenchPhone[], count: number): Promise<{ times: number[]; lost: number }> {
  const times: number[] = []
  let lost = 0
  await inParallel(
    Array.from({ length: count }, (_, index) => index),
    CALLS_AT_ONCE,
    async index => {
      try {
        times.push(await callOf(phones, index))
      } catch {
        lost += 1
      }
    },
  )
  return { times, lost }
}

/** A whole call between two of the phones. Returns the time from the INVITE until the caller hears the ringing. */
async function callOf(phones: BenchPhone[], index: number): Promise<number> {
  const [a, b] = [phones[(index * 2) % PHONES], phones[(index * 2 + 1) % PHONES]] as [BenchPhone, BenchPhone]
  const [from, to] = [a.settings.user, b.settings.user]
  const callId = `bench${index}x${Math.random().toString(36).slice(2)}`
  const started = performance.now()
  const [ringing, invited] = [a.next('180'), b.next('INVITE')]
  a.send(a.request('INVITE', to, { callId, body: SDP }))
  const invite = await invited
  b.send(b.answer(invite, 180))
  await ringing
  const ms = performance.now() - started
  const answered = a.next('200')
  b.send(b.answer(invite, 200, { body: SDP }))
  const ok = await answered
  const inCall = { callId, toTag: `t${to}`, target: b.contact, lines: [`Route: ${header(ok, 'record-route')}`] }
  a.send(a.request('ACK', to, { ...inCall, cseq: Number.parseInt(header(ok, 'cseq'), 10) }))
  const [left, over] = [b.next('BYE'), a.next('200')]
  a.send(a.request('BYE', to, { ...inCall, fromTag: `f${from}` }))
  b.send(b.answer(await left, 200))
  await over
  return ms
}

/** As long as that of a browser. */
const SDP = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${'a=candidate:1 1 udp 2113937151 192.0.2.1 50000 typ host\r\n'.repeat(40)}`

class BenchPhone extends SipPhone {
  readonly #socket: WebSocket
  readonly #waiting = new Map<string, (text: string) => void>()

  constructor(url: string, user: string, secret: string) {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/bench/sip`, 'sip', { autoPong: true })
    super({ domain: sipDomainOf('w_bench'), user, secret }, socket)
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('message', data => {
      const text = String(data)
      this.receive(text)
      const { word = '' } = this.heard.pop() ?? {}
      const waits = this.#waiting.get(word)
      this.#waiting.delete(word)
      waits?.(text)
    })
  }

  next(word: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.settings.user} has not heard ${word}`)), HEARS_MS)
      this.#waiting.set(word, text => {
        clearTimeout(timer)
        resolve(text)
      })
    })
  }

  async register(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CONNECTING)
      await new Promise((resolve, reject) => this.#socket.once('open', resolve).once('error', reject))
    const { user } = this.settings
    const challenged = this.next('401')
    this.send(this.request('REGISTER', user))
    const proof = this.credentials(await challenged)
    const taken = this.next('200')
    this.send(this.request('REGISTER', user, { lines: [proof] }))
    await taken
  }
  close(): void {
    this.#socket.terminate()
  }
}

function percentile(values: number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? 0) * 10) / 10
}
