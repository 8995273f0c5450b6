/**
 * The port between `ConversationLoop` and what hears, thinks and speaks for it. The loop decides who speaks; a driver carries
 * that out and reports back. There are two: `pipeline/` (transcriber, language model, speaker) and `realtime/` (one model that
 * does all three).
 */
import type { CallerGates, GateEvents } from './caller-gates.ts'
import type { Ability } from './conversation-events.ts'
import type { DeadAirGuard } from './dead-air-guard.ts'
import type { Meter } from './meter.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { CallerTimes } from './transcript-recorder.ts'
import type { TurnRunner } from './turn-runner.ts'

/** The caller's sound on its way in. */
export interface Listens extends Pick<CallerGates, 'rearm'> {
  /** One frame as the carrier sends it: base64 of µ-law. Throws `RangeError` for a malformed frame. */
  receive(payload: string, atMs: number): void
}

/** The sound of the reply at hand on its way to the caller. */
export interface Speaks {
  /** null: there is no reply at hand */
  readonly turnId: number | null
  /** nothing of ours is with the carrier */
  readonly silent: boolean
  /** Takes back what the carrier has not played, so that `resume` can go on from there. */
  pause(atMs: number): void
  resume(atMs: number): void
  /** The words of the reply that the caller has heard so far. */
  heard(atMs: number): string
  /** The carrier has played everything before this mark. */
  marked(name: string, atMs: number): void
  /** A carrier that speaks by itself has stopped, after `heard` of the sentence at hand. */
  cutByCarrier?(heard: string): void
  /** Puts sound of ours in its place within the reply. False, or absent: it is sent beside the reply. */
  fill?(text: string, mulaw: Uint8Array): boolean
}

/** Optional members concern one driver only; without them nothing happens. */
export interface Driver {
  readonly input: Listens
  readonly output: Speaks
  /** more of the reply at hand is still to come */
  readonly pending: boolean
  /** the caller is speaking right now, so the silence is not ours */
  readonly callerSpeaks: boolean
  /** false: when failures end the conversation, the carrier has to apologise */
  readonly canApologise: boolean
  /** Connects to the providers. Failures are reported, never thrown. */
  open(): void
  /** The conversation begins. False: not connected yet; `host.opened` is called when it is. */
  begin(): boolean
  /** On a call that we made, the callee has said `greeting` ("Hello?"), which is not a turn. */
  greeted(greeting: string): void
  /** Asks the model to answer `text`. Empty: something happened outside; null: the last request failed, ask again. */
  ask(turnId: number, text: string | null): void
  /** Says exactly these words as the whole reply of this turn. */
  say(turnId: number, text: string): void
  /** Asks the caller for patience while the reply is late. */
  askPatience(turnId: number, text: string): void
  /** Says a sentence of ours within the reply at hand. */
  add(sentence: string): void
  /** Gives up the reply at hand. */
  cut(): void
  /** Tells the model something that the caller does not hear. */
  inform?(text: string): void
  /** The words of this turn are not known yet: the driver records them when they are. */
  recordsLater?(text: string): boolean
  /** The reply is over; what was heard of it enters the history next. */
  replyEnded?(heard: string): void
  /** The time at which `tick` has something to do; null: not by itself. */
  nextMs(): number | null
  tick(atMs: number): void
  close(atMs: number): void
}

/** The side of the loop that its driver sees. */
export interface DriverHost {
  readonly turns: TurnRunner
  readonly meter: Meter
  readonly stopwatch: Stopwatch
  readonly deadAir: DeadAirGuard
  /** receives the events that the caller's sound alone causes */
  readonly gates: GateEvents
  /** Now `begin` would return true. */
  opened(): void
  /** The caller has said these words of the turn so far. */
  words(text: string, final: boolean): void
  callerFinished(text: string, backchannel: boolean, times: CallerTimes | null): void
  /** The first sound of the reply was sent. */
  replyBegan(turnId: number): void
  /** All of the reply was played. */
  replyPlayed(turnId: number): void
  toolCalled(turnId: number, toolId: string): void
  /** `stillSounds` is asked once the turn machine knows that the tool has ended. */
  toolEnded(turnId: number, toolId: string, stillSounds: () => boolean): void
  replyFailed(turnId: number, ability: Ability, error: unknown): void
  end(reason: 'goodbye' | 'failure'): void
  leaveAfterReply(): void
  /** The driver cannot go on: the carrier apologises and the call ends. */
  gone(): void
  /** `nextMs` may have changed. */
  reschedule(): void
}
