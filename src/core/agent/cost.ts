/** The cost of an AI conversation, for the limit that ends it and for the call page. Money is in millionths of a dollar. */

export interface Usage {
  /** sound that was transcribed */
  heardMs: number
  /** characters that were made into speech */
  spokenCharacters: number
  tokensIn: number
  tokensOut: number
  /** tokens of a model that hears and speaks by itself */
  soundTokensIn: number
  soundTokensOut: number
}

export interface Rates {
  perHeardMinute: number
  perThousandCharacters: number
  perMillionTokensIn: number
  perMillionTokensOut: number
  perMillionSoundTokensIn: number
  perMillionSoundTokensOut: number
}

/**
 * The defaults are list prices of November 2026: streaming transcription 0.0077 $ a minute,
 * speech 0.030 $ per thousand characters, a small model 0.40 $ and 1.60 $ per million tokens, a sound-to-sound model 32 $ and
 * 64 $ (its text tokens cost less, so the sum here is an upper bound).
 */
export const RATES: Rates = {
  perHeardMinute: 7_700,
  perThousandCharacters: 30_000,
  perMillionTokensIn: 400_000,
  perMillionTokensOut: 1_600_000,
  perMillionSoundTokensIn: 32_000_000,
  perMillionSoundTokensOut: 64_000_000,
}

export const NO_USAGE: Usage = {
  heardMs: 0,
  spokenCharacters: 0,
  tokensIn: 0,
  tokensOut: 0,
  soundTokensIn: 0,
  soundTokensOut: 0,
}

export function sumOf(one: Usage, other: Usage): Usage {
  return {
    heardMs: one.heardMs + other.heardMs,
    spokenCharacters: one.spokenCharacters + other.spokenCharacters,
    tokensIn: one.tokensIn + other.tokensIn,
    tokensOut: one.tokensOut + other.tokensOut,
    soundTokensIn: one.soundTokensIn + other.soundTokensIn,
    soundTokensOut: one.soundTokensOut + other.soundTokensOut,
  }
}

/** Millionths of a dollar, rounded up. */
export function costMicros(usage: Usage, rates: Rates = RATES): number {
  return Math.ceil(
    (usage.heardMs / 60_000) * rates.perHeardMinute +
      (usage.spokenCharacters / 1_000) * rates.perThousandCharacters +
      (usage.tokensIn / 1_000_000) * rates.perMillionTokensIn +
      (usage.tokensOut / 1_000_000) * rates.perMillionTokensOut +
      (usage.soundTokensIn / 1_000_000) * rates.perMillionSoundTokensIn +
      (usage.soundTokensOut / 1_000_000) * rates.perMillionSoundTokensOut,
  )
}
