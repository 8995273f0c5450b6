/** Duration of one DTMF tone with its gap. In `sendDigits`, `w` waits half a second and `W` a whole one. */
const DIGIT_MS = 500

export function digitsMs(digits: string): number {
  return [...digits].reduce((ms, digit) => ms + (digit === 'W' ? 2 * DIGIT_MS : DIGIT_MS), 0)
}
