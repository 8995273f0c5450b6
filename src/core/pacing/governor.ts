/**
 * How many lines may ring for the agents who are free. A person who answers while nobody is free is abandoned, and the law counts those (US 16 CFR
 * 310.4(b)(4): 3 in 100 people who answer, over 30 days). The governor knows how often people answer, what has happened in the last
 * 24 hours and 30 days, and that its forecast may be wrong; it lets as many lines ring as keep the forecast under what is left of the
 * limit. Pure: the same figures give the same answer and the same reason.
 */

/** Counts of a stretch of time. */
export interface Tally {
  dialed: number
  /** people who have answered, not machines */
  answered: number
  /** of those, whom nobody was free for */
  abandoned: number
  /** abandoned people that the governor had expected when it let their lines ring */
  expected: number
}
export const NO_TALLY: Tally = { dialed: 0, answered: 0, abandoned: 0, expected: 0 }

export interface Asked {
  /** agents who are free now */
  idle: number
  /** the last 24 hours, and the last 30 days of the campaign or the rule profile */
  day: Tally
  month: Tally
  /** abandoned of answered people, at most: 0.03 */
  limit: number
  /** what happens to lines that ring while nobody is free any more: they are cut, or they ring out and may be abandoned */
  losers: 'cut' | 'ring-out'
  /** for one free agent, at most */
  perAgentMax: number
}

/** Why it is so many. */
export type Because =
  /** nobody is free */
  | 'nobody-free'
  /** too few people have answered to judge by */
  | 'few-answers'
  /** more would bring the forecast over what the limit leaves */
  | 'limit'
  /** so many abandoned people that only what is safe may ring: a line for each free agent */
  | 'over-limit'
  /** as many as may ring for one agent */
  | 'most'

export interface Governed {
  /** lines that may ring at the same time, those that ring already included */
  lines: number
  because: Because
  /** for the ledger: what the plain forecast says of these lines, abandoned of answered people */
  expected: number
  /** the same, corrected by how far forecasts have been from what happened */
  forecast: number
  /** of people who answer; what the forecast is made of */
  answerRate: number
  /** abandonment of 30 days at most, with 95 % certainty */
  upperBound: number
}

/** With fewer answers nobody can say that abandonment is under 3 in 100 (rule of three: none in 100 is at most 3 in 100). */
export const ANSWERS_MIN = 100
const LINES_WHEN_NEW = 2
/** One-sided 95 %. */
const Z = 1.645
/** What is thought of a list before anybody is dialled, and how many dials that is worth. */
const RATE_FIRST = 0.1
const RATE_WEIGHT = 50
/** How many abandoned people the trust in the forecast is worth. */
const TRUST = 5
/** So many answers are looked ahead: what would still be under the limit after them may be used up by them. */
const AHEAD = 100
const MOST_OF_LIMIT = 1.5
const DOUBT = 0.3

export function govern(asked: Asked): Governed {
  const { idle, perAgentMax, day, month } = asked
  const answerRate = rateOf(day, month)
  const upperBound = upperBoundOf(month)
  const made = (lines: number, because: Because): Governed => {
    const expected = forecastOf(lines, idle, answerRate)
    return { lines, because, answerRate, upperBound, expected, forecast: Math.min(1, expected * correctionOf(asked)) }
  }
  if (idle === 0) return made(0, 'nobody-free')
  const allowed = allowedOf(asked)
  if (allowed <= 0) return made(idle, 'over-limit')
  const isNew = month.answered < ANSWERS_MIN
  const most = Math.max(idle, idle * (isNew ? Math.min(LINES_WHEN_NEW, perAgentMax) : perAgentMax))
  const lines = mostLines(idle, most, share => forecastOf(share, idle, answerRate) * correctionOf(asked) <= allowed)
  if (lines < most) return made(lines, 'limit')
  return made(lines, isNew ? 'few-answers' : 'most')
}

/** The most lines that are within bounds; more lines are never safer, and one for each free agent is always safe. */
function mostLines(least: number, most: number, isWithin: (lines: number) => boolean): number {
  let [low, high] = [least, most]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (isWithin(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** Live answers of dials: the day, held against the month, held against what is usual. */
export function rateOf(day: Tally, month: Tally): number {
  const before = (RATE_FIRST * RATE_WEIGHT + month.answered) / (RATE_WEIGHT + month.dialed)
  return Math.min(0.95, (before * RATE_WEIGHT + day.answered) / (RATE_WEIGHT + day.dialed))
}

/** Wilson's upper bound (1927) of the share of abandoned people. 1: nobody has answered. */
export function upperBoundOf({ answered: n, abandoned: k }: Tally): number {
  if (n === 0) return 1
  const share = k / n
  const middle = share + (Z * Z) / (2 * n)
  const spread = Z * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n))
  return Math.min(1, (middle + spread) / (1 + (Z * Z) / n))
}

/**
 * What share of the next people may be abandoned. A month that is well under the limit leaves more than the limit for a while, one that comes
 * near it leaves less and less, and over it nothing is left. The doubt is what chance alone may add. The day is held to the limit as well,
 * because other countries count by the day.
 */
function allowedOf({ day, month, limit }: Asked): number {
  const doubt = DOUBT * Z * Math.sqrt(limit * (1 - limit) * month.answered)
  const left = ({ answered, abandoned }: Tally) => (limit * (answered + AHEAD) - abandoned) / AHEAD
  return Math.min(limit * MOST_OF_LIMIT, left(day), left(month) - doubt / AHEAD)
}

/** How far the forecast has been from what happened: 1 as long as nothing is known. */
function correctionOf({ month, losers }: Asked): number {
  // Lines that are cut when the last free agent is taken are seldom answered in that moment.
  const first = losers === 'cut' ? 0.1 : 0.6
  return (month.abandoned + TRUST * first) / (month.expected + TRUST)
}

/**
 * Abandoned of answered people if each of the lines is answered with this chance, all in one moment: the worst that can happen. Answers are
 * binomial; of many lines they are taken as normal, which is within a thousandth from 60 lines on.
 */
export function forecastOf(lines: number, idle: number, rate: number): number {
  if (lines <= idle || rate <= 0) return 0
  return (lines > LINES_EXACT ? normalExcess(lines, idle, rate) : binomialExcess(lines, idle, rate)) / (lines * rate)
}
const LINES_EXACT = 60

function binomialExcess(lines: number, idle: number, rate: number): number {
  let chance = (1 - rate) ** lines
  let excess = 0
  for (let answers = 0; answers <= lines; answers += 1) {
    excess += Math.max(0, answers - idle) * chance
    chance *= ((lines - answers) / (answers + 1)) * (rate / (1 - rate))
  }
  return excess
}

function normalExcess(lines: number, idle: number, rate: number): number {
  const [mean, deviation] = [lines * rate, Math.sqrt(lines * rate * (1 - rate))]
  const d = (idle + 0.5 - mean) / deviation
  const density = Math.exp((-d * d) / 2) / Math.sqrt(2 * Math.PI)
  return Math.max(0, deviation * density - (idle - mean) * upperTail(d))
}

/** Of the normal distribution (Abramowitz and Stegun 26.2.17, within 8e-8). */
function upperTail(d: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(d))
  const sum = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-d * d) / 2) / Math.sqrt(2 * Math.PI)) * sum
  return d >= 0 ? tail : 1 - tail
}
