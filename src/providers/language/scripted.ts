/** A language model for tests, benches and simulation: yields the parts that a script has for a request, at its times. */
import { ProviderFailure } from '../failure.ts'
import { brokeOff, type Mood, untilAborted, type Wait, WELL, waitByTimer } from '../scripted.ts'
import type { Language, LanguagePart, LanguageRequest } from './port.ts'

export type ScriptedPart =
  | LanguagePart
  | { type: 'wait'; ms: number }
  /** nothing more comes until the signal aborts */
  | { type: 'silence' }
  | { type: 'fail'; failure: ProviderFailure }

export interface ScriptedLanguageOptions {
  provider?: string
  model?: string
  /** `turn` counts the replies of this object, from 0 */
  script: (request: LanguageRequest, turn: number) => ScriptedPart[]
  mood?: Mood
  wait?: Wait
}

export class ScriptedLanguage implements Language {
  readonly provider: string
  readonly model: string
  readonly #options: ScriptedLanguageOptions
  #turns = 0

  constructor(options: ScriptedLanguageOptions) {
    this.provider = options.provider ?? 'scripted'
    this.model = options.model ?? 'scripted'
    this.#options = options
  }

  async *reply(request: LanguageRequest): AsyncGenerator<LanguagePart> {
    const { script, mood = WELL, wait = waitByTimer } = this.#options
    const { signal } = request
    const now = mood()
    if (now === 'mute') await untilAborted(signal)
    if (signal.aborted) return
    if (now instanceof ProviderFailure) throw now
    for (const part of script(request, this.#turns++)) {
      if (part.type === 'wait') await wait(part.ms, signal)
      else if (part.type === 'silence') await untilAborted(signal)
      else if (part.type === 'fail') throw part.failure
      else {
        yield part
        if (now === 'cut' && !signal.aborted) throw brokeOff(this.provider)
      }
      if (signal.aborted) return
    }
  }
}

/** The usual script: these words, one part each, and the end. */
export function saying(text: string, firstMs = 0): ScriptedPart[] {
  const words = text.match(/\S+\s*/g) ?? []
  return [
    { type: 'wait', ms: firstMs },
    ...words.map((word): ScriptedPart => ({ type: 'text', text: word })),
    { type: 'end', reason: 'stop', tokensIn: 0, tokensOut: words.length },
  ]
}
