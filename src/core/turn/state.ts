/** A conversation between a caller and a model, one turn after another: its words. */

export interface TurnRules {
  /** the first words are said to their end, whatever the caller says */
  openingUninterruptible: boolean
  /**
   * what decides about a pause when no words do: speech that has lasted so long since confirms it, and if there is none any
   * more our speech goes on
   */
  confirmMs: number
  /** silence that parts one speech of the caller from the next: what is shorter does not */
  gapMs: number
  /** our speech goes on when nothing was understood for so long, where there may be words, or a pause was ended too soon */
  resumeMs: number
  /** longest pause of our line without an understood word: coughs and noise must not keep us silent */
  pauseMs: number
  /** a tool that takes longer gets a word to the caller */
  fillerMs: number
  /** a model that takes longer to begin gets a word to the caller */
  patienceMs: number
  /** after that word it has so long to begin: with it, nobody sits in silence for more than 4 s */
  thinkMs: number
  /** the caller says nothing for so long: a prompt */
  silenceMs: number
  /** so many prompts, then goodbye */
  promptsMax: number
  /** so many failures of providers in a row, then a human or an apology */
  failuresMax: number
  /** goodbye is said within this time, or not at all */
  closingMs: number
}

/** Defaults: measured and compared in the reference on turn-taking. */
export const TURN_RULES: TurnRules = {
  openingUninterruptible: false,
  confirmMs: 600,
  gapMs: 300,
  resumeMs: 2_000,
  pauseMs: 6_000,
  fillerMs: 1_000,
  patienceMs: 2_500,
  thinkMs: 4_500,
  silenceMs: 12_000,
  promptsMax: 2,
  failuresMax: 3,
  closingMs: 10_000,
}

export type CloseReason = 'goodbye' | 'silence' | 'failure' | 'limit'

/**
 * Our reply while it sounds. `complete`: the model has nothing more to say. `resumedOnGuess`: we went on without knowing what the
 * caller had said, and do not know yet.
 */
interface Sounding {
  turnId: number
  opening: boolean
  complete: boolean
  resumedOnGuess: boolean
}

/** What words seem to be: a guess is one that may be taken back, a backchannel only says "go on". */
export type Sense = 'words' | 'guess' | 'backchannel'

export type Phase =
  | { phase: 'idle' }
  /** `quietSince` null: the caller speaks */
  | { phase: 'listening'; quietSince: number | null }
  | { phase: 'thinking'; turnId: number; since: number; filled: boolean }
  | { phase: 'tool'; turnId: number; toolId: string; since: number; filled: boolean }
  | (Sounding & { phase: 'speaking'; pending: string })
  /**
   * our speech is taken back, since `pausedSince`, until we know what the caller wants, who speaks since `since`;
   * `quietSince` null: and speaks on; `seems`: what has been understood so far
   */
  | (Sounding & {
      phase: 'interrupted'
      pausedSince: number
      since: number
      quietSince: number | null
      seems: 'nothing' | 'guess' | 'backchannel'
      heard: string
    })
  | { phase: 'closing'; turnId: number; since: number; reason: CloseReason }
  | { phase: 'over' }

export interface TurnState {
  rules: TurnRules
  now: Phase
  /** counts everything we say; results that name another are late */
  turns: number
  failures: number
  prompts: number
}

export type TurnInput = { at: number } & (
  | { type: 'call.began'; rules: TurnRules; opening: boolean }
  /** enough speech for an interruption; `heard`: what the caller has heard of our reply so far */
  | { type: 'caller.spoke'; heard: string }
  | { type: 'caller.fell-silent' }
  /** words that are understood already */
  | { type: 'words.heard'; sense: Sense; heard: string }
  /** the caller has finished (silence and the words say so) */
  | { type: 'caller.finished'; text: string; backchannel: boolean; heard: string }
  | { type: 'reply.began'; turnId: number }
  | { type: 'reply.completed'; turnId: number }
  | { type: 'reply.failed'; turnId: number; heard: string }
  | { type: 'tool.called'; turnId: number; toolId: string }
  | { type: 'tool.ended'; turnId: number; toolId: string }
  /** all that we sent has been played */
  | { type: 'playout.ended'; turnId: number; heard: string }
  | { type: 'end.wanted'; reason: CloseReason }
  /** something that the caller should be told happened outside */
  | { type: 'news.came' }
  | { type: 'call.ended' }
  | { type: 'clock.struck' }
)

export type TurnFact = { at: number } & (
  | { type: 'conversation-began'; rules: TurnRules; opening: boolean }
  | { type: 'caller-stirred' }
  | { type: 'caller-quieted' }
  /** one turn of the caller; the model is asked */
  | { type: 'caller-turned'; turnId: number; text: string }
  | { type: 'reply-began'; turnId: number }
  | { type: 'reply-completed'; turnId: number }
  /** what the caller heard of it, which is what the model is told that it said */
  | { type: 'reply-heard'; turnId: number; heard: string }
  | { type: 'speech-paused'; turnId: number; heard: string }
  | { type: 'words-seemed'; sense: 'guess' | 'backchannel' }
  /** `resumedOnGuess`: nobody knows what the caller has said */
  | { type: 'false-interruption'; turnId: number; resumedOnGuess: boolean }
  | { type: 'guess-ended' }
  | { type: 'reply-interrupted'; turnId: number; heard: string }
  | { type: 'reply-withdrawn'; turnId: number }
  | { type: 'reply-failed'; turnId: number; heard: string }
  | { type: 'reply-asked-again'; turnId: number }
  | { type: 'news-taken'; turnId: number }
  | { type: 'words-kept'; text: string }
  | { type: 'tool-called'; turnId: number; toolId: string }
  | { type: 'filler-said'; turnId: number }
  | { type: 'tool-ended'; turnId: number; toolId: string }
  | { type: 'silence-prompted'; turnId: number }
  | { type: 'closing-began'; turnId: number; reason: CloseReason }
  | { type: 'conversation-ended' }
)

/** All in memory: a conversation does not outlive its line. */
export type TurnEffect = {
  class: 'now'
} /** the model answers the caller's words; what it says comes back with this turn */ & (
  | { type: 'ask-model'; turnId: number; text: string | null }
  | { type: 'say-opening' | 'say-prompt' | 'say-filler'; turnId: number }
  /** nothing more of this turn: the model, the speech and the tool are given up */
  | { type: 'abort'; turnId: number }
  /** what is with the carrier is taken back */
  | { type: 'clear' }
  /** from the sentence that was cut on */
  | { type: 'resume'; turnId: number }
  | { type: 'say-goodbye'; turnId: number; reason: CloseReason }
  | { type: 'hang-up' }
)

export const INITIAL: TurnState = { rules: TURN_RULES, now: { phase: 'idle' }, turns: 0, failures: 0, prompts: 0 }
