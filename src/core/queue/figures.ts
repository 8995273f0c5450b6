/**
 * Figures of a queue by published formulas (`reference`: Asterisk's SL2, Google CCAI's abandon rate). They are sums, so a month is the sum of
 * its days.
 */
export interface Figures {
  /** callers who were taken in */
  offered: number
  answered: number
  /** answered within the target */
  answeredInTime: number
  /** hung up or timed out before an agent took them, after the short time */
  abandoned: number
  abandonedInTime: number
  /** hung up within the short time; they count nowhere else */
  short: number
  callbacks: number
  refused: number
  /** ms, of those who were answered */
  waitedMs: number
  longestWaitMs: number
  talkedMs: number
}

export const NO_FIGURES: Figures = {
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  abandonedInTime: 0,
  short: 0,
  callbacks: 0,
  refused: 0,
  waitedMs: 0,
  longestWaitMs: 0,
  talkedMs: 0,
}

export interface Rates {
  /** (answered within T + abandoned within T) / (answered + abandoned); null: nobody yet */
  serviceLevel: number | null
  /** abandoned / (answered + abandoned), without short ones */
  abandonRate: number | null
  /** Σ wait of the answered / answered, ms */
  averageWaitMs: number | null
}

export function ratesOf(figures: Figures): Rates {
  const { answered, abandoned, answeredInTime, abandonedInTime, waitedMs } = figures
  const all = answered + abandoned
  return {
    serviceLevel: all === 0 ? null : (answeredInTime + abandonedInTime) / all,
    abandonRate: all === 0 ? null : abandoned / all,
    averageWaitMs: answered === 0 ? null : waitedMs / answered,
  }
}

export function withAnswer(figures: Figures, waitMs: number, targetMs: number): Figures {
  return {
    ...figures,
    answered: figures.answered + 1,
    answeredInTime: figures.answeredInTime + (waitMs <= targetMs ? 1 : 0),
    waitedMs: figures.waitedMs + waitMs,
    longestWaitMs: Math.max(figures.longestWaitMs, waitMs),
  }
}

export function withAbandonment(figures: Figures, waitMs: number, targetMs: number, shortMs: number): Figures {
  if (waitMs < shortMs) return { ...figures, short: figures.short + 1 }
  return {
    ...figures,
    abandoned: figures.abandoned + 1,
    abandonedInTime: figures.abandonedInTime + (waitMs <= targetMs ? 1 : 0),
    longestWaitMs: Math.max(figures.longestWaitMs, waitMs),
  }
}
