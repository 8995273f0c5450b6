/** The Worker's log during a test: tests assert on expected messages, and the rest is printed. */
import { Waiters } from '../../packages/phone-network/src/testing/waiters.ts'

const LIMIT_MS = 10_000

export class WorkerLogs {
  readonly #waiters = new Waiters()
  #messages: string[] = []

  readonly add = ({ message }: { message: string }): void => {
    this.#messages.push(message)
    this.#waiters.look()
  }

  /** Resolves when a message with these words is there, and takes all of them. */
  async expect(words: RegExp): Promise<void> {
    const found = () => this.#messages.some(message => words.test(message))
    await this.#waiters.until(found, LIMIT_MS, () => `no ${words} among ${JSON.stringify(this.#messages)}`)
    this.#messages = this.#messages.filter(message => !words.test(message))
  }

  printRest(): void {
    for (const message of this.#messages.splice(0)) console.error(`the Worker logged: ${message}`)
  }
}
