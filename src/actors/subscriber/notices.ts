/** What an endpoint itself has to say, as facts of the log. They are kept until the log has them. */

import type { WebhookFact } from '../../core/events/events.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Env } from '../env.ts'
import { logOf } from '../stubs.ts'

export class Notices {
  readonly #id: string
  readonly #env: Env
  readonly #sql: SqlStorage
  /** null: not read yet */
  #waiting: boolean | null = null

  constructor(id: string, env: Env, sql: SqlStorage) {
    this.#id = id
    this.#env = env
    this.#sql = sql
  }

  /** In the transaction of what it tells of. Numbers are never used twice, because the log knows a repeat by them. */
  note(fact: WebhookFact): void {
    const { notices } = this.#sql.exec('UPDATE endpoint SET notices = notices + 1 RETURNING notices').one()
    this.#sql.exec('INSERT INTO notices (seq, fact) VALUES (?, ?)', Number(notices), JSON.stringify(fact))
    this.#waiting = true
  }

  waiting(): boolean {
    this.#waiting ??= this.#sql.exec('SELECT 1 FROM notices LIMIT 1').toArray().length > 0
    return this.#waiting
  }

  async tell(): Promise<void> {
    if (!this.waiting()) return
    const rows = this.#sql.exec('SELECT seq, fact FROM notices ORDER BY seq').toArray()
    if (rows.length === 0) return
    const facts = rows.map(row => ({
      seq: Number(row.seq),
      about: { webhook: this.#id },
      fact: JSON.parse(String(row.fact)) as WebhookFact,
    }))
    try {
      // At the end of a month the next try goes to the next one.
      if ((await logOf(this.#env, workspaceOf(this.#id)).hear(this.#id, JSON.stringify(facts))) === false) return
      this.#sql.exec('DELETE FROM notices WHERE seq <= ?', Number(rows.at(-1)?.seq))
      this.#waiting = null
    } catch {
      console.error(JSON.stringify({ message: 'a notice could not be told', endpoint: this.#id }))
    }
  }
}
