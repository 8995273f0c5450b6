/**
 * One call of 8x8's network, as a pure machine: what happens to it comes with its time, and what 8x8 would post is handed out. The caller's leg
 * is `a`, the one that a callflow makes is `b`. Payloads: https://developer.8x8.com/connect/docs/call-action-webhook and its neighbours.
 */
import { type Action, type Callflow, CallflowError } from './callflow.ts'

export type SessionStatus = 'COMPLETED' | 'NO_ANSWER' | 'BUSY' | 'CANCELED' | 'FAILED' | 'ERROR'
type Word = 'CALL_INITIATED' | 'CALL_RECEIVED' | 'CALL_CONNECTED' | 'CALL_DISCONNECTED'

export interface Leg {
  callId: string
  callDirection: 'INBOUND' | 'OUTBOUND'
  source: string
  destination: string
  beganMs: number
  connectedMs: number | null
  endedMs: number | null
  status: SessionStatus | null
}

type Doing =
  /** the program is asked what comes next */
  | { is: 'asking' }
  | { is: 'saying'; untilMs: number }
  | {
      is: 'capturing'
      action: Extract<Action, { action: 'sayAndCapture' }>
      keys: string
      tries: number
      untilMs: number
    }
  | { is: 'ringing'; untilMs: number }
  | { is: 'talking' }
  | { is: 'over' }

export interface Session {
  sessionId: string
  subAccountId: string
  a: Leg
  b: Leg | null
  doing: Doing
  rest: Action[]
  clientActionId: string | null
  lastAction: string | null
  /** the sentences that the caller has heard */
  heard: string[]
  error: { errorCode: number; errorMsg: string } | null
  status: SessionStatus | null
  /** number of the last event */
  events: number
}

export type Input =
  | { is: 'begun' }
  /** the reply to the last VCA */
  | { is: 'replied'; flow: Callflow | CallflowError }
  | { is: 'keyed'; keys: string }
  | { is: 'answered' }
  | { is: 'refused'; because: 'BUSY' | 'NO_ANSWER' | 'FAILED' }
  | { is: 'hung-up'; side: 'a' | 'b' }
  | { is: 'time' }

/** A webhook that is due. `VCA`: its reply is the next callflow. */
export interface Posted {
  type: 'VCA' | 'VCS' | 'VSS'
  body: { namespace: 'VOICE'; eventType: string; description: string; payload: Record<string, unknown> }
}

/** A phone that nobody takes up stops ringing. */
export const RING_MS = 60_000
const SPOKEN: Partial<Record<Action['action'], string>> = {
  say: 'SAY',
  sayAndCapture: 'SAY',
  playFile: 'PLAY_FILE',
  makeCall: 'MAKE_CALL',
}

export interface Speech {
  /** of one character at usual speed */
  msPerCharacter: number
}

export function newSession(sessionId: string, subAccountId: string, from: string, to: string, atMs: number): Session {
  const a: Leg = {
    ...{ callId: `${sessionId}-a`, callDirection: 'INBOUND', source: from, destination: to },
    ...{ beganMs: atMs, connectedMs: null, endedMs: null, status: null },
  }
  return {
    ...{ sessionId, subAccountId, a, b: null, doing: { is: 'asking' }, rest: [], clientActionId: null },
    ...{ lastAction: null, heard: [], error: null, status: null, events: 0 },
  }
}

/** When something comes of time; null: of nothing but people and replies. */
export function wakesAt({ doing }: Session): number | null {
  return 'untilMs' in doing ? doing.untilMs : null
}

/** Changes the session, and returns what is posted because of it, in the order in which it came about. */
export function step(session: Session, input: Input, atMs: number, speech: Speech): Posted[] {
  const turn = new Turn(session, atMs, speech)
  turn.take(input)
  return turn.posted
}

class Turn {
  readonly posted: Posted[] = []
  readonly #s: Session
  readonly #at: number
  readonly #speech: Speech

  constructor(session: Session, atMs: number, speech: Speech) {
    this.#s = session
    this.#at = atMs
    this.#speech = speech
  }

  take(input: Input): void {
    const { doing, b } = this.#s
    if (doing.is === 'over') return
    switch (input.is) {
      case 'begun':
        this.#status(this.#s.a, 'CALL_RECEIVED')
        return this.#ask('CALL_RECEIVED', null)
      case 'replied':
        return doing.is === 'asking' ? this.#replied(input.flow) : undefined
      case 'keyed':
        return this.#keyed(input.keys)
      case 'answered':
        return doing.is === 'ringing' && b !== null ? this.#bridge(b) : undefined
      case 'refused':
        return doing.is === 'ringing' && b !== null ? this.#notReached(b, input.because) : undefined
      case 'hung-up':
        return this.#hungUp(input.side)
      case 'time':
        return this.#time()
    }
  }

  #replied(flow: Callflow | CallflowError): void {
    if (flow instanceof CallflowError) {
      this.#s.error = { errorCode: flow.code, errorMsg: flow.message }
      return this.#over('ERROR')
    }
    this.#s.rest = [...flow.actions]
    this.#s.clientActionId = flow.clientActionId
    this.#next()
  }

  /** The next action; after the last one nobody has anything to hear. */
  #next(): void {
    const action = this.#s.rest.shift()
    if (action === undefined || action.action === 'hangup') return this.#over('COMPLETED')
    this.#s.lastAction = SPOKEN[action.action] ?? null
    if (action.action === 'makeCall') return this.#call(action)
    this.#takenUp()
    const text = action.action === 'say' ? action.text : action.action === 'playFile' ? action.fileUrl : action.prompt
    this.#s.heard.push(text)
    if (action.action === 'sayAndCapture') {
      const untilMs = this.#at + this.#lasts(text, action.speed) + action.ms
      this.#s.doing = { is: 'capturing', action, keys: '', tries: 1, untilMs }
      return
    }
    const lasts = action.action === 'say' ? this.#lasts(text, action.speed) : this.#lasts(text, 1)
    this.#s.doing = { is: 'saying', untilMs: this.#at + lasts * action.repetition }
  }

  #lasts(text: string, speed: number): number {
    return Math.ceil((text.length * this.#speech.msPerCharacter) / speed)
  }

  #takenUp(): void {
    const { a } = this.#s
    if (a.connectedMs !== null) return
    a.connectedMs = this.#at
    this.#status(a, 'CALL_CONNECTED')
  }

  #call({ source, destination }: Extract<Action, { action: 'makeCall' }>): void {
    const b: Leg = {
      ...{ callId: `${this.#s.sessionId}-b`, callDirection: 'OUTBOUND', source, destination },
      ...{ beganMs: this.#at, connectedMs: null, endedMs: null, status: null },
    }
    this.#s.b = b
    this.#s.doing = { is: 'ringing', untilMs: this.#at + RING_MS }
    this.#status(b, 'CALL_INITIATED')
  }

  #bridge(b: Leg): void {
    b.connectedMs = this.#at
    this.#status(b, 'CALL_CONNECTED')
    this.#takenUp()
    this.#s.doing = { is: 'talking' }
  }

  /** The caller is still on the line and hears the actions that stand behind `makeCall`. */
  #notReached(b: Leg, because: SessionStatus): void {
    this.#ends(b, because)
    if (this.#s.rest.length > 0) this.#next()
    else this.#over(because)
  }

  #keyed(keys: string): void {
    const { doing } = this.#s
    if (doing.is !== 'capturing') return
    const { action } = doing
    const all = `${doing.keys}${keys}`
    const hash = action.onHash ? all.indexOf('#') : -1
    const own = (hash < 0 ? all : all.slice(0, hash)).slice(0, action.most)
    if (hash >= 0 || own.length === action.most) return this.#captured(own)
    this.#s.doing = { ...doing, keys: own }
  }

  #captured(dtmf: string): void {
    this.#s.doing = { is: 'asking' }
    this.#s.rest = []
    this.#ask('ACTION_COMPLETED', dtmf)
  }

  #time(): void {
    const { doing, b } = this.#s
    if (!('untilMs' in doing) || this.#at < doing.untilMs) return
    if (doing.is === 'saying') return this.#next()
    if (doing.is === 'ringing') return b === null ? undefined : this.#notReached(b, 'NO_ANSWER')
    const { action, tries, keys } = doing
    if (keys === '' && tries < action.tries) {
      this.#s.heard.push(action.prompt)
      const untilMs = this.#at + this.#lasts(action.prompt, action.speed) + action.ms
      this.#s.doing = { ...doing, tries: tries + 1, untilMs }
      return
    }
    this.#captured(keys)
  }

  #hungUp(side: 'a' | 'b'): void {
    const { doing, b } = this.#s
    if (doing.is === 'talking') return this.#over('COMPLETED')
    if (side === 'b') return doing.is === 'ringing' && b !== null ? this.#notReached(b, 'BUSY') : undefined
    this.#over(this.#s.a.connectedMs === null ? 'CANCELED' : 'COMPLETED')
  }

  /** The rule of the documents: what became of the second leg counts, if there was one. */
  #over(status: SessionStatus): void {
    const { a, b } = this.#s
    if (b !== null && b.endedMs === null) this.#ends(b, b.connectedMs === null ? 'CANCELED' : 'COMPLETED')
    this.#ends(a, a.connectedMs === null && status === 'COMPLETED' ? 'CANCELED' : a.connectedMs ? 'COMPLETED' : status)
    const failed = b !== null && b.status !== 'COMPLETED' && b.status !== 'CANCELED' ? b.status : null
    this.#s.status = this.#s.error !== null ? 'ERROR' : (failed ?? (a.status === 'COMPLETED' ? 'COMPLETED' : status))
    this.#s.doing = { is: 'over' }
    this.posted.push({ type: 'VSS', body: envelope('SESSION_SUMMARY', summaryOf(this.#s, this.#at)) })
  }

  #ends(leg: Leg, status: SessionStatus): void {
    leg.endedMs = this.#at
    leg.status = status
    this.#status(leg, 'CALL_DISCONNECTED')
  }

  #status(leg: Leg, callStatus: Word): void {
    this.posted.push({ type: 'VCS', body: envelope('CALL_STATUS', this.#payload(leg, callStatus)) })
  }

  #ask(callStatus: 'CALL_RECEIVED' | 'ACTION_COMPLETED', dtmf: string | null): void {
    const payload = {
      ...this.#payload(this.#s.a, callStatus),
      eventData: dtmf === null ? null : { dtmf },
      clientActionId: this.#s.clientActionId,
    }
    this.posted.push({ type: 'VCA', body: envelope('CALL_ACTION', payload) })
  }

  #payload(leg: Leg, callStatus: string): Record<string, unknown> {
    const { sessionId, subAccountId } = this.#s
    this.#s.events += 1
    return {
      ...{ eventId: `${sessionId}-e${this.#s.events}`, callId: leg.callId, sessionId, subAccountId, callStatus },
      ...{ callDirection: leg.callDirection, callType: 'PSTN', ...sides(leg), callDuration: durationOf(leg, this.#at) },
      ...{ sipCode: leg.status === 'BUSY' ? 486 : 0, timestamp: new Date(this.#at).toISOString() },
    }
  }
}

function sides({ source, destination, callDirection }: Leg): Record<string, unknown> {
  const ref = callDirection === 'INBOUND' ? { destinationRefId: null } : { sourceRefId: null }
  return { source, destination, sourceFormat: 'MSISDN', destinationFormat: 'MSISDN', ...ref }
}

/** Seconds from its answer. */
function durationOf({ connectedMs, endedMs }: Leg, atMs: number): number {
  return connectedMs === null ? 0 : Math.ceil(((endedMs ?? atMs) - connectedMs) / 1_000)
}

function summaryOf({ sessionId, subAccountId, a, b, status, lastAction, error }: Session, atMs: number) {
  const time = (ms: number) => new Date(ms).toISOString()
  const legOf = (leg: Leg) => ({
    ...{ callId: leg.callId, callDirection: leg.callDirection, callType: 'PSTN', ...sides(leg) },
    initiatedTimestamp: time(leg.beganMs),
    ...(leg.connectedMs === null ? {} : { connectedTimestamp: time(leg.connectedMs) }),
    ...(leg.endedMs === null ? {} : { disconnectedTimestamp: time(leg.endedMs) }),
    ...{ callStatus: leg.status, callDuration: durationOf(leg, atMs) },
  })
  return {
    ...{ eventId: `${sessionId}-summary`, sessionId, subAccountId, sessionStatus: status },
    ...{ startTime: time(a.beganMs), endTime: time(atMs), lastAction, callCount: b === null ? 1 : 2 },
    details: { callA: legOf(a), ...(b === null ? {} : { callB: legOf(b) }) },
    ...(error === null ? {} : { errorDetails: error }),
  }
}

function envelope(eventType: string, payload: Record<string, unknown>): Posted['body'] {
  const description = eventType === 'SESSION_SUMMARY' ? 'Summary of a call session' : 'Status of a call'
  return { namespace: 'VOICE', eventType, description, payload }
}
