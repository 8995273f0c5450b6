/** A conversation between a caller and a model, one turn after another: its words. */

export interface TurnRules {
  /** the first words are said to their end, whatever the caller says */
  openingUninterruptible: boolean
  /**
   * decides about a pause of our speech when no words do: speech of this length confirms the interruption; if the caller is
   * silent by then, our speech goes on
   */
  confirmMs: number
  /** shortest silence that separates one speech of the caller from the next */
  gapMs: number
  /** our speech goes on after this silence if uncertain words were heard or an earlier pause was ended too soon */
  resumeMs: number
  /** longest pause of our speech without an understood word: coughs and noise must not keep us silent */
  pauseMs: number
  /** when a tool takes longer, the caller hears a filler */
  fillerMs: number
  /** when a model takes longer to begin, the caller hears a filler */
  patienceMs: number
  /** time that the model then has to begin; with the filler, nobody hears silence for more than 4 s */
  thinkMs: number
  /** when the caller says nothing for this long, we ask whether they are there */
  silenceMs: number
  /** after this many prompts we say goodbye */
  promptsMax: number
  /** after this many failures of providers in a row the caller gets a human or an apology */
  failuresMax: number
  /** the call ends after this time even if the goodbye was not heard to its end */
  closingMs: number
}

/** Defaults. docs/PERFORMANCE.md has what they give: voice to voice, barge-in, unfinished turns. */
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
 * Our reply while it sounds. `complete`: the model has nothing more to say. `resumedOnGuess`: we resumed without knowing what
 * the caller had said, and do not know yet.
 */
interface Sounding {
  turnId: number
  opening: boolean
  complete: boolean
  resumedOnGuess: boolean
}

/** How words are classified: a guess may still be revised by the recogniser, a backchannel only says "go on". */
export type Sense = 'words' | 'guess' | 'backchannel'

export type Phase =
  | { phase: 'idle' }
  /** `quietSince` null: the caller speaks */
  | { phase: 'listening'; quietSince: number | null }
  | { phase: 'thinking'; turnId: number; since: number; filled: boolean }
  | { phase: 'tool'; turnId: number; toolId: string; since: number; filled: boolean }
  | (Sounding & { phase: 'speaking'; pending: string })
  /**
   * our speech is paused since `pausedSince` until we know what the caller wants. The caller has spoken since `since`;
   * `quietSince` null: they still speak. `seems`: what has been understood so far
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
  /** number of our last turn; results that name another turn are late */
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
  /** something happened outside that the caller should be told */
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
  /** `heard` is the part that the caller heard; the model's history has only that */
  | { type: 'reply-heard'; turnId: number; heard: string }
  | { type: 'speech-paused'; turnId: number; heard: string }
  | { type: 'words-seemed'; sense: 'guess' | 'backchannel' }
  /** `resumedOnGuess`: the caller's words are not known yet */
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

/** All effects are in memory, because a conversation does not outlive its stream. */
export type TurnEffect = {
  class: 'now'
} /** the model answers the caller's words; what it says comes back with this turn */ & (
  | { type: 'ask-model'; turnId: number; text: string | null }
  | { type: 'say-opening' | 'say-prompt' | 'say-filler'; turnId: number }
  /** stops this turn: the model, the speech and the tool are aborted */
  | { type: 'abort'; turnId: number }
  /** clears the sound that the carrier has not played yet */
  | { type: 'clear' }
  /** goes on from the sentence that was cut */
  | { type: 'resume'; turnId: number }
  | { type: 'say-goodbye'; turnId: number; reason: CloseReason }
  | { type: 'hang-up' }
)

export const INITIAL: TurnState = { rules: TURN_RULES, now: { phase: 'idle' }, turns: 0, failures: 0, prompts: 0 }
