/**
 * The AI agent on this call: its line to the carrier, the conversation on it, and what it asks of the world. Turns and sound
 * live in memory only; words and happenings are facts of the call, so that a line that comes back goes on where it was.
 */
import { costMicros, NO_USAGE, sumOf, type Usage } from '../../../core/agent/cost.ts'
import type { CallFact, CallInput, CallState, LiveCall } from '../../../core/call/state.ts'
import type { Talk, TalkOrder } from '../../../core/call/talk/talk.ts'
import type { SessionEvent } from '../../../media/conversation/conversation-events.ts'
import type { LineSession } from '../../../media/conversation/line-session.ts'
import { soundlessLine } from '../../../media/conversation/pipeline/words-only.ts'
import { detectorOfIsolate } from '../../../media/vad/isolate.ts'
import type { Answered } from '../../../providers/chain.ts'
import type { Said } from '../../../providers/language/port.ts'
import { keyTones } from '../../../sound/tones.ts'
import type { ConversationEntry } from '../../../wire/conversation.ts'
import type { Env } from '../../env.ts'
import type { StoredFact } from '../../shell/shell.ts'
import { entryOf, saidOf } from '../documents.ts'
import { offersOf, rememberedLine, speakerOf, variablesOf } from './agent-of-call.ts'
import { CallControl, type ToolHands } from './call-control.ts'
import { MediaSocket } from './media-socket.ts'
import { discard, type ReadyVoice, readyVoice, sessionWith } from './ready-voice.ts'
import { RelaySocket } from './relay-socket.ts'
import { costOf, RunningCost } from './running-cost.ts'
import { toldOf } from './session-facts.ts'
import { Tools } from './tool-executor.ts'
import { Waker } from './waker.ts'
import { Watchers } from './watchers.ts'

/** Calls that we made: who has answered is to be found out. */
/** Its own call is being dialled, has come in, or was won: the providers are opened while it rings. */
const RINGS = new Set<string>(['call-attempted', 'call-received', 'talk-ordered'] satisfies CallFact['type'][])
const OUTBOUND = new Set(['ai', 'campaign', 'single'])
/** Five seconds. */
const EARLY_FRAMES_MAX = 250

/** The carrier's end of the conversation: sound, or words. */
type Line = Pick<MediaSocket, 'send' | 'close'>

export interface CallSide {
  env: Env
  callId: string
  state(): CallState
  commit(input: CallInput): void
  entries(): ConversationEntry[]
}

export class Conversation {
  readonly watchers = new Watchers()
  readonly #call: CallSide
  #session: LineSession | null = null
  #ready: Promise<ReadyVoice | null> | null = null
  /** sound that came before the session was there: first words must not be lost */
  #early: string[] = []
  #said: Said[] | null = null
  #variables: Record<string, string> | null = null
  #tools: Tools | null = null
  #line: Line | null = null
  /** of all lines of this call that this object has seen */
  #usage: Usage = NO_USAGE
  readonly #cost = new RunningCost(usage => this.watchers.tell({ type: 'usage', usage }))
  /** the carrier says the apology: nothing of ours may cut it */
  #lastWords = false

  constructor(call: CallSide) {
    this.#call = call
  }

  get live(): boolean {
    return this.#session !== null
  }
  get phase(): string {
    return this.#session?.phase ?? 'idle'
  }

  /** The carrier connects line number `stream`; its token has been spent. */
  connect(stream: number): Response {
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket]
    server.accept()
    this.#line?.close(1000, 'another line took over')
    const line = this.#lineOn(server, stream)
    this.#line = line
    return new Response(null, { status: 101, webSocket: client })
  }

  #lineOn(server: WebSocket, stream: number): Line {
    const common = {
      mark: (name: string) => this.#session?.marked(name),
      digit: (digit: string) => this.#session?.digit(digit),
      closed: (why: string) => this.#closed(line, stream, why),
    }
    const begin = (callSid: string) => void this.#begin(line, stream, callSid)
    const line: Line =
      this.#talk?.driver === 'relay'
        ? new RelaySocket(server, {
            ...common,
            started: begin,
            prompt: (text, last) => this.#session?.prompted?.(text, last),
            interrupted: heard => this.#session?.cutOff?.(heard),
          })
        : new MediaSocket(server, {
            ...common,
            started: ({ callSid }) => begin(callSid),
            frame: payload => this.#frame(payload),
          })
    return line
  }

  #frame(payload: string): void {
    if (this.#session !== null) {
      this.#cost.look(Date.now(), () => this.#used)
      return this.#session.frame(payload)
    }
    if (this.#early.length < EARLY_FRAMES_MAX) this.#early.push(payload)
  }

  async #begin(line: Line, stream: number, callSid: string): Promise<void> {
    const live = this.#live()
    const talk = this.#talk
    if (live === null || talk === null) return line.close(1008, 'no conversation here')
    if (live.providerId !== null && live.providerId !== callSid) return line.close(1008, 'another call')
    try {
      const session = await this.#sessionOn(line, live, talk)
      if (this.#line !== line) return session?.close()
      if (session === null) return this.#apologise('no voice is set up')
      this.#session = session
      session.start(stream === 1 && this.#said?.length === 0)
      for (const payload of this.#early.splice(0)) session.frame(payload)
      this.watchers.tell({ type: 'phase', phase: session.phase })
    } catch {
      // Nobody is left in silence because something of ours did not load (requirements S2-33).
      this.#apologise('the agent could not begin')
    }
  }

  /** Opens what the conversation needs while the phone still rings. */
  prepare(talk: TalkOrder): void {
    if (this.#ready !== null) return
    this.#ready = readyVoice(this.#call.env, this.#call.callId, talk, answer => this.#answered(answer))
    // Who begins the session is told; a call that nobody answers needs no voice.
    this.#ready.catch(() => {})
  }

  async #sessionOn(line: Line, live: LiveCall, talk: Talk): Promise<LineSession | null> {
    this.prepare(talk)
    // It belongs to this line: another one, or the end of the call, makes or discards its own.
    const taken = this.#ready
    this.#ready = null
    const ready = await taken
    if (ready === null) return null
    try {
      return this.#sessionFrom(ready, line, live, talk)
    } catch (error) {
      discard(ready)
      throw error
    }
  }

  #sessionFrom({ body, voice, abort }: ReadyVoice, line: Line, live: LiveCall, talk: Talk): LineSession {
    const { env, callId } = this.#call
    this.#said ??= saidOf(this.#call.entries())
    this.#variables ??= variablesOf(live.party)
    const agent = speakerOf(body, live.party.message, OUTBOUND.has(live.links.kind), this.#variables)
    this.#tools ??= new Tools(body, new CallControl(env, callId, body, this.#hands(live)))
    const tools = this.#tools
    const waker = new Waker(() => this.#session?.tick())
    const limitMs = body.limits.durationSeconds * 1000 - (Date.now() - (live.answeredAt ?? Date.now()))
    waker.limit(limitMs, () => this.#session?.end('limit'))
    return sessionWith(voice, {
      now: () => Date.now(),
      wakeAt: atMs => waker.at(atMs),
      line: talk.driver === 'relay' ? soundlessLine() : detectorOfIsolate().open(),
      agent,
      tools: offersOf(body),
      said: this.#said,
      costMicrosMax: Math.max(0, body.limits.costCents * 10_000 - costMicros(this.#usage)),
      signal: abort.signal,
      send: message => line.send(message),
      tell: event => this.#tell(event),
      runTool: call => tools.run(call),
      hangUp: () => {
        waker.stop()
        if (!this.#lastWords) this.#call.commit({ type: 'call.complete-wanted', at: Date.now() })
      },
      lastWords: () => this.#apologise('our voice failed'),
      closed: () => {
        waker.stop()
        abort.abort()
      },
    })
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

  #closed(line: Line, stream: number, why: string): void {
    if (this.#line !== line) return
    this.#line = null
    const at = Date.now()
    const used = this.#used
    this.#session?.close()
    this.#session = null
    this.#usage = used
    this.#call.commit({ type: 'talk.stream-closed', at, stream, why })
    this.#call.commit({ type: 'talk.noted', at, word: 'usage', data: { ...costOf(this.#usage) } })
  }

  /** A provider that failed and was replaced before anyone heard it. */
  #answered({ ability, provider, after }: Answered): void {
    for (const failure of after)
      this.#tell({ type: 'failed', ability, provider: failure.provider, kind: `${failure.kind}, then ${provider}` })
  }

  /** The carrier's word that the call is over. */
  end(): void {
    void this.#ready?.then(discard, () => {})
    this.#line?.close(1000, 'the call is over')
    this.watchers.end()
  }

  whisper(text: string, by: string): boolean {
    if (this.#session === null) return false
    this.#session.inform(text)
    const data = { word: 'whispered', by }
    this.#call.commit({ type: 'talk.said', at: Date.now(), who: 'system', text, data })
    return true
  }

  /** Typed instead of spoken, on a call that somebody makes to try the agent. False: nobody converses here now. */
  say(text: string): boolean {
    if (this.#session === null || this.#live()?.links.kind !== 'browser') return false
    this.#session.written(text)
    return true
  }

  /** After each commit: the facts that the conversation and its screens care about. */
  committed(facts: StoredFact<CallFact>[]): void {
    for (const stored of facts) {
      const entry = entryOf(stored)
      if (entry !== null) this.watchers.tell({ type: 'entry', entry })
      const { fact } = stored
      if (fact.type === 'talk-transfer-asked') this.#session?.ring(true)
      if (fact.type === 'talk-transfer-answered') this.#transferAnswered(fact.answer)
      if (fact.type === 'call-hungup') this.end()
      if (RINGS.has(fact.type)) this.#ringing()
    }
  }

  /** Its own call is being dialled, or has come in. */
  #ringing(): void {
    const live = this.#live()
    const talk = this.#talk
    if (live !== null && talk !== null && live.attempt.state !== 'waiting-slot') this.prepare(talk)
  }

  #transferAnswered(answer: string): void {
    this.#session?.ring(false)
    if (answer !== 'accepted')
      this.#session?.inform(
        `The transfer came to nothing: ${answer.replaceAll('-', ' ')}. Tell the caller, and offer a callback or your own help.`,
      )
  }

  #hands(live: LiveCall): ToolHands {
    const inbound = live.links.kind === 'inbound' || live.links.kind === 'browser'
    const { party } = live
    const commit = (input: CallInput) => this.#call.commit(input)
    return {
      party,
      otherNumber: inbound ? party.from : party.to,
      transferPending: () => this.#live() !== null && this.#talk?.transfer != null,
      transferTo: (transferId, deskId, summary) =>
        commit({ type: 'talk.transfer-wanted', at: Date.now(), transferId, deskId, summary }),
      dialOn: number => commit({ type: 'talk.dial-wanted', at: Date.now(), number }),
      leaveAfterReply: () => this.#session?.leaveAfterReply(),
      say: sentence => this.#session?.add(sentence),
      press: digits => this.#line?.send({ type: 'audio', mulaw: keyTones(digits) }),
      remember: (name, value) => {
        if (this.#variables !== null) this.#variables[name] = value
        this.#said?.push({ role: 'supervisor', text: rememberedLine(name, value) })
      },
    }
  }

  get #used(): Usage {
    return sumOf(this.#usage, this.#session?.usage ?? NO_USAGE)
  }

  #tell(event: SessionEvent): void {
    const at = Date.now()
    // Where only words cross there are no frames.
    this.#cost.look(at, () => this.#used)
    if (event.type === 'interim') return this.watchers.tell({ type: 'interim', who: event.who, text: event.text })
    if (event.type === 'answered-by') {
      const verdict = event.who === 'voicemail' ? 'machine' : event.who === 'human' ? 'human' : 'unknown'
      this.#call.commit({ type: 'call.judged', at, verdict })
    }
    this.#call.commit(toldOf(event, at))
  }
}
