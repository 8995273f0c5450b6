/** The person at the other end of a number, and their behaviour, drawn once per call. */
import type { Random } from '../random.ts'

export interface Person {
  kind: 'human' | 'machine' | 'busy' | 'no-answer' | 'failed'
  answerAfterMs: number
  /** from the answer until they hang up by themselves */
  staysMs: number
  /** what a detector that works says */
  verdict: 'human' | 'machine' | 'fax' | 'unknown'
}

export function drawPerson(random: Random): Person {
  const x = random.next()
  const kind = x < 0.5 ? 'human' : x < 0.72 ? 'machine' : x < 0.82 ? 'busy' : x < 0.94 ? 'no-answer' : 'failed'
  const answerAfterMs = random.chance(0.2) ? random.between(12_000, 24_500) : random.between(200, 12_000)
  if (kind !== 'human') {
    const verdict = random.chance(0.15) ? 'fax' : 'machine'
    return { kind, answerAfterMs, staysMs: random.between(8_000, 40_000), verdict }
  }
  const mood = random.next()
  const staysMs =
    mood < 0.12
      ? random.between(200, 1_500)
      : mood < 0.4
        ? random.between(3_000, 10_000)
        : random.between(12_000, 45_000)
  return { kind, answerAfterMs, staysMs, verdict: random.chance(0.1) ? 'unknown' : 'human' }
}
