/** Collects the keys that the caller presses into one answer, which `#` or a pause ends. */

const PAUSE_MS = 2_000
const DIGITS_MAX = 32

export class Keys {
  readonly #done: (digits: string) => void
  #digits = ''
  #atMs = 0

  constructor(done: (digits: string) => void) {
    this.#done = done
  }

  press(digit: string, nowMs: number): void {
    if (!/^[0-9*#A-D]$/.test(digit)) return
    if (digit !== '#') this.#digits += digit
    this.#atMs = nowMs
    if (digit === '#' || this.#digits.length >= DIGITS_MAX) this.#finish()
  }

  nextMs(): number | null {
    return this.#digits === '' ? null : this.#atMs + PAUSE_MS
  }

  tick(nowMs: number): void {
    if (this.#digits !== '' && nowMs >= this.#atMs + PAUSE_MS) this.#finish()
  }

  #finish(): void {
    const digits = this.#digits
    this.#digits = ''
    if (digits !== '') this.#done(digits)
  }
}
