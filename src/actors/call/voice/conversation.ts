/**
 * The AI agent on this call: its stream to the carrier, the conversation on it, and the tools it uses. Turns and sound live in
 * memory only; words and events are facts of the call, so that a stream that comes back goes on where the last one ended.
 */
import { costMicros, NO_USAGE, sumOf, type Usage } from '../../../core/agent/cost.ts'
import type { CallFact, CallInput, CallState, LiveCall } from '../../../core/call/state.ts'
import type { Talk, TalkOrder } from '../../../core/call/talk/talk.ts'
import type { Verdict } from '../../../core/clearance/clearance.ts'
import { workspaceOf } from '../../../core/ids.ts'
import type { ConversationEvent } from '../../../media/conversation/conversation-events.ts'
import type { ConversationLoop } from '../../../media/conversation/loop.ts'
import { soundlessDetector } from '../../../media/conversation/pipeline/words-only.ts'
import type { Outgoing } from '../../../media/speech/playout.ts'
import { detectorOfIsolate } from '../../../media/vad/isolate.ts'
import type { Answered } from '../../../providers/chain.ts'
import type { Said } from '../../../providers/language/port.ts'
import { carrierOf, telephonyOf } from '../../../providers/registry.ts'
import type { StreamCodecs } from '../../../providers/telephony/media-port.ts'
import { turnSilenceOf } from '../../../providers/voice-registry.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import { keyTones } from '../../../sound/tones.ts'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import type { Env } from '../../env.ts'
import { neighboursOf } from '../../neighbours.ts'
import type { StoredFact } from '../../shell/shell.ts'
import { standingOf } from '../../sign-in.ts'
import { entryOf, saidOf } from '../documents.ts'
import { offersOf, rememberedLine, speakerOf, variablesOf } from './agent-of-call.ts'
import { type CallActions, CallControl } from './call-control.ts'
import { Listeners } from './listeners.ts'
import { MediaSocket } from './media-socket.ts'
import { conversationWith, discard, type ReadyVoice, readyVoice } from './ready-voice.ts'
import { RelaySocket } from './relay-socket.ts'
import { costOf, RunningCost } from './running-cost.ts'
import { toldOf } from './session-facts.ts'
import { type Carrier, SoundCopy } from './sound-copy.ts'
import { Tools } from './tool-executor.ts'
import { Waker } from './waker.ts'
import { type Standing, Watchers } from './watchers.ts'

/** After these facts the phone rings, and the providers are opened meanwhile. */
const RINGS = new Set<string>([
  'call-attempted',
  'call-received',
  'talk-ordered',
  'flow-agent-engaged',
] satisfies CallFact['type'][])
/** On calls that we made, the conversation begins with finding out who answered. */
const OUTBOUND = new Set(['ai', 'cidr', 'campaign', 'single'])
/** Frames that wait for the conversation: five seconds. */
const EARLY_FRAMES_MAX = 250

/** The carrier's end of the conversation, which carries sound or words. */
type CarrierStream = Pick<MediaSocket, 'send' | 'close'>

/** Somebody is asked to take the call, or it goes to them already. */
function isHandedOver(talk: Talk | null): boolean {
  return talk !== null && (talk.transfer !== null || talk.next.to !== 'agent')
}

export interface CallSide {
  env: Env
  callId: string
  state(): CallState
  commit(input: CallInput): void
  entries(): ConversationEntry[]
}

export class Conversation {
  readonly watchers: Watchers
  readonly listeners: Listeners
  readonly copy: SoundCopy
  readonly #call: CallSide
  #loop: ConversationLoop | null = null
  #ready: Promise<ReadyVoice | null> | null = null
  /** sound that came before the conversation was ready: first words must not be lost */
  #early: string[] = []
  #said: Said[] | null = null
  #variables: Record<string, string> | null = null
  #tools: Tools | null = null
  #stream: CarrierStream | null = null
  /** of that stream; each is a session of its own in the transcript */
  #number: number | null = null
  /** of the closed streams of this call that this object has seen */
  #usage: Usage = NO_USAGE
  readonly #cost = new RunningCost(usage => this.watchers.tell({ type: 'usage', usage }))
  /** the carrier says the apology: nothing of ours may cut it */
  #lastWords = false

  constructor(call: CallSide) {
    this.#call = call
    const standing: Standing = signIns => standingOf(call.env.DB, workspaceOf(call.callId), signIns)
    this.watchers = new Watchers(standing)
    this.listeners = new Listeners(standing, (by, listens, program) => {
      const who = program ? 'program' : 'supervisor'
      const word = `${who}-${listens ? 'listens' : 'left'}`
      call.commit({ type: 'talk.noted', at: Date.now(), word, data: { by } })
      if (!listens && !this.listeners.any) this.copy.stop()
    })
    const side = {
      callId: call.callId,
      state: () => call.state(),
      carrier: () => carrierFor(call),
      now: () => Date.now(),
    }
    this.copy = new SoundCopy(side, this.listeners)
  }

  /** Whoever listens gets the sound of this conversation. */
  get #tells(): boolean {
    return this.listeners.any && !this.copy.active
  }

  get live(): boolean {
    return this.#loop !== null
  }
  get phase(): string {
    return this.#loop?.phase ?? 'idle'
  }

  /** The carrier connects stream number `number`; its token has been spent. */
  connect(number: number, codecs: StreamCodecs): Response {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    this.#stream?.close(1000, 'another stream took over')
    this.#number = number
    this.#stream = this.#streamOn(server, number, codecs)
    return new Response(null, { status: 101, webSocket: client })
  }

  #streamOn(server: WebSocket, number: number, { media, relay }: StreamCodecs): CarrierStream {
    const common = {
      mark: (name: string) => this.#loop?.marked(name),
      digit: (digit: string) => this.#loop?.digit(digit),
      closed: (why: string) => this.#closed(stream, number, why),
    }
    const begin = (providerId: string) => void this.#begin(stream, number, providerId)
    const stream: CarrierStream =
      this.#talk?.driver === 'relay'
        ? new RelaySocket(server, relay, {
            ...common,
            started: begin,
            prompt: (text, last) => this.#loop?.prompted(text, last),
            interrupted: heard => this.#loop?.cutByCarrier(heard),
          })
        : new MediaSocket(server, media, {
            ...common,
            started: ({ providerId }) => begin(providerId),
            frame: payload => this.#receive(payload),
          })
    return stream
  }

  #receive(payload: string): void {
    if (this.#tells) this.listeners.tell({ type: 'sound', from: 'caller', mulaw: payload })
    if (this.#loop !== null) {
      this.#cost.look(Date.now(), () => this.#used)
      return this.#loop.receive(payload)
    }
    if (this.#early.length < EARLY_FRAMES_MAX) this.#early.push(payload)
  }

  async #begin(stream: CarrierStream, number: number, providerId: string): Promise<void> {
    const live = this.#live()
    const talk = this.#talk
    if (live === null || talk === null) return stream.close(1008, 'no conversation here')
    if (live.providerId !== null && live.providerId !== providerId) return stream.close(1008, 'another call')
    try {
      const loop = await this.#loopOn(stream, live, talk)
      if (this.#stream !== stream) return loop?.close()
      if (loop === null) return this.#apologise('no voice is set up')
      this.#loop = loop
      loop.start(number === 1 && this.#said?.length === 0)
      for (const payload of this.#early.splice(0)) loop.receive(payload)
      this.watchers.tell({ type: 'phase', phase: loop.phase })
    } catch {
      // The caller is not left in silence because something of ours did not load (requirements S2-33).
      this.#apologise('the agent could not begin')
    }
  }

  /** Opens what the conversation needs while the phone still rings. */
  prepare(talk: TalkOrder): void {
    if (this.#ready !== null) return
    this.#ready = readyVoice(this.#call.env, this.#call.callId, talk, answer => this.#answered(answer))
    // `#loopOn` awaits this promise and reports a failure; on a call that nobody answers there is nothing to report.
    this.#ready.catch(() => {})
  }

  async #loopOn(stream: CarrierStream, live: LiveCall, talk: Talk): Promise<ConversationLoop | null> {
    this.prepare(talk)
    // From here on these providers belong to this stream: another stream, or the end of the call, must not find them.
    const taken = this.#ready
    this.#ready = null
    const ready = await taken
    if (ready === null) return null
    try {
      return this.#loopFrom(ready, stream, live, talk)
    } catch (error) {
      discard(ready)
      throw error
    }
  }

  #loopFrom({ body, voice, abort }: ReadyVoice, stream: CarrierStream, live: LiveCall, talk: Talk): ConversationLoop {
    const { env, callId } = this.#call
    this.#said ??= saidOf(this.#call.entries())
    this.#variables ??= variablesOf(live.party)
    const spoken = speakerOf(body, live.party.message, OUTBOUND.has(live.links.kind), this.#variables)
    const agent = { ...spoken, turnSilenceMs: body.turnSilenceMs ?? turnSilenceOf(env) }
    this.#tools ??= new Tools(body, new CallControl(neighboursOf(env), callId, body, this.#actions(live)))
    const tools = this.#tools
    const waker = new Waker(() => this.#loop?.tick())
    const limitMs = body.limits.durationSeconds * 1000 - (Date.now() - (live.answeredAt ?? Date.now()))
    waker.limit(limitMs, () => this.#loop?.end('limit'))
    return conversationWith(voice, {
      now: () => Date.now(),
      wakeAt: atMs => waker.at(atMs),
      detector: talk.driver === 'relay' ? soundlessDetector() : detectorOfIsolate().open(),
      agent,
      tools: offersOf(body),
      said: this.#said,
      costMicrosMax: Math.max(0, body.limits.costCents * 10_000 - costMicros(this.#usage)),
      signal: abort.signal,
      send: message => this.#say(stream, message),
      tell: event => this.#tell(event),
      runTool: call => tools.run(call),
      hangUp: () => {
        waker.stop()
        if (!this.#lastWords) this.#goodbye()
      },
      lastWords: () => this.#apologise('our voice failed'),
      closed: () => {
        waker.stop()
        abort.abort()
      },
    })
  }

  /** Whoever listens gets what goes to the caller. */
  #say(stream: CarrierStream, message: Outgoing): void {
    stream.send(message)
    if (!this.#tells) return
    if (message.type === 'audio')
      this.listeners.tell({ type: 'sound', from: 'agent', mulaw: base64FromBytes(message.mulaw) })
    else if (message.type === 'clear') this.listeners.tell({ type: 'cleared' })
  }

  /** The agent has said goodbye: the flow that had given it the call goes on, or the call ends. */
  #goodbye(): void {
    const { flow } = this.#call.state()
    const at = Date.now()
    const ask = flow?.phase === 'running' && flow.waiting?.for === 'agent' ? flow.waiting.ask : null
    if (ask === null) return void this.#call.commit({ type: 'call.complete-wanted', at })
    this.#call.commit({ type: 'flow.answered', at, ask, answer: { is: 'result', result: 'talked' } })
  }

  #live(): LiveCall | null {
    const { call } = this.#call.state()
    return call.phase === 'live' ? call : null
  }

  get #talk(): Talk | null {
    return this.#call.state().talk
  }

  #apologise(why: string): void {
    if (this.#lastWords) return
    this.#lastWords = true
    const at = Date.now()
    this.#call.commit({ type: 'talk.noted', at, word: 'failed', data: { why } })
    this.#call.commit({ type: 'talk.last-words-wanted', at })
  }

  #closed(stream: CarrierStream, number: number, why: string): void {
    if (this.#stream !== stream) return
    this.#stream = null
    if (!this.copy.active) this.listeners.end()
    const at = Date.now()
    const used = this.#used
    this.#loop?.close()
    this.#loop = null
    this.#usage = used
    this.#call.commit({ type: 'talk.stream-closed', at, stream: number, why })
    this.#call.commit({ type: 'talk.noted', at, word: 'usage', data: { ...costOf(this.#usage) } })
  }

  /** A provider failed and was replaced before the caller noticed. */
  #answered({ ability, provider, after }: Answered): void {
    for (const failure of after)
      this.#tell({ type: 'failed', ability, provider: failure.provider, kind: `${failure.kind}, then ${provider}` })
  }

  /** The carrier reports that the call is over. */
  end(): void {
    void this.#ready?.then(discard, () => {})
    this.#stream?.close(1000, 'the call is over')
    this.watchers.end()
    this.copy.over()
    this.listeners.end()
  }

  whisper(text: string, by: string): boolean {
    if (this.#loop === null) return false
    this.#loop.inform(text)
    const data = { word: 'whispered', by }
    this.#call.commit({ type: 'talk.said', at: Date.now(), who: 'system', text, data })
    return true
  }

  /** Text typed instead of spoken, on a call that somebody makes to try the agent. False: there is no conversation now. */
  say(text: string): boolean {
    if (this.#loop === null || this.#live()?.links.kind !== 'browser') return false
    this.#loop.written(text)
    return true
  }

  /** Called after each commit with its facts; some of them change the conversation, and screens show most. */
  committed(facts: StoredFact<CallFact>[]): void {
    for (const stored of facts) {
      const entry = entryOf(stored, this.#call.callId)
      if (entry !== null) this.watchers.tell({ type: 'entry', entry })
      const { fact } = stored
      if (fact.type === 'talk-transfer-asked') this.#loop?.ring(true)
      if (fact.type === 'talk-transfer-answered') this.#transferAnswered(fact.answer)
      if (fact.type === 'call-hungup') this.end()
      if (RINGS.has(fact.type)) this.#ringing()
    }
  }

  /** The phone may ring, so the providers are opened unless the call still waits for its slot. */
  #ringing(): void {
    const live = this.#live()
    const talk = this.#talk
    if (live !== null && talk !== null && live.attempt.state !== 'waiting-slot') this.prepare(talk)
  }

  #transferAnswered(answer: string): void {
    this.#loop?.ring(false)
    if (answer !== 'accepted')
      this.#loop?.inform(
        `The transfer came to nothing: ${answer.replaceAll('-', ' ')}. Tell the caller, and offer a callback or your own help.`,
      )
  }

  #actions(live: LiveCall): CallActions {
    const inbound = live.links.kind === 'inbound' || live.links.kind === 'browser'
    const { party } = live
    const commit = (input: CallInput) => this.#call.commit(input)
    return {
      party,
      otherNumber: inbound ? party.from : party.to,
      transferPending: () => this.#live() !== null && isHandedOver(this.#talk),
      transferTo: (transferId, deskId, summary) =>
        commit({ type: 'talk.transfer-wanted', at: Date.now(), transferId, deskId, summary }),
      dialOn: number => commit({ type: 'talk.dial-wanted', at: Date.now(), number }),
      judged: verdict => commit({ type: 'talk.noted', at: Date.now(), ...notedOf(verdict) }),
      leaveAfterReply: () => this.#loop?.leaveAfterReply(),
      stayAfterReply: () => this.#loop?.stayAfterReply(),
      say: sentence => this.#loop?.add(sentence),
      press: digits => this.#stream?.send({ type: 'audio', mulaw: keyTones(digits) }),
      remember: (name, value) => {
        if (this.#variables !== null) this.#variables[name] = value
        this.#said?.push({ role: 'supervisor', text: rememberedLine(name, value) })
      },
    }
  }

  get #used(): Usage {
    return sumOf(this.#usage, this.#loop?.usage ?? NO_USAGE)
  }

  #tell(event: ConversationEvent): void {
    const at = Date.now()
    // If only words are exchanged, no frames arrive that would check the cost.
    this.#cost.look(at, () => this.#used)
    if (event.type === 'interim') return this.watchers.tell({ type: 'interim', who: event.who, text: event.text })
    if (event.type === 'answered-by') {
      const verdict = event.who === 'voicemail' ? 'machine' : event.who === 'human' ? 'human' : 'unknown'
      this.#call.commit({ type: 'call.judged', at, verdict })
    }
    const told = toldOf(event, at)
    this.#call.commit({ ...told, data: { ...told.data, stream: this.#number } })
  }
}

async function carrierFor({ env, callId }: CallSide): Promise<Carrier | null> {
  const telephony = await telephonyOf(env, workspaceOf(callId))
  return telephony === null ? null : { telephony, media: carrierOf(telephony.account).media }
}

/** The verdict on a transfer as the timeline keeps it; the number itself is not in it. */
function notedOf(verdict: Verdict): { word: string; data: Record<string, unknown> } {
  return verdict.cleared
    ? { word: 'transfer-cleared', data: { profile: verdict.profile } }
    : { word: 'transfer-not-cleared', data: { rule: verdict.rule, untilMs: verdict.untilMs } }
}
