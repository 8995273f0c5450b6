/** What an actor without a machine has to say, as facts of the log. They are kept until the log has them. */
import type { About, SubjectKind } from '../../core/about.ts'
import { workspaceOf } from '../../core/ids.ts'
import type { Timed } from '../../core/machine.ts'
import type { Env } from '../env.ts'
import { logOf } from '../stubs.ts'

/** For an actor that has no counter of its own. */
export const NOTICES_TABLES =
  'CREATE TABLE notices (seq INTEGER PRIMARY KEY, fact TEXT NOT NULL); CREATE TABLE noticed (n INTEGER NOT NULL); INSERT INTO noticed (n) VALUES (0);'
const COUNTER = 'UPDATE noticed SET n = n + 1 RETURNING n'
const PAGE = 200

interface Source {
  /** the actor that says it */
  id: string
  kind: SubjectKind
  env: Env
  sql: SqlStorage
  /** raises the number of the last notice and returns it as `n`; absent: the one of `NOTICES_TABLES` */
  counter?: string
}

export class Notices<Fact extends Timed & { type: string }> {
  readonly #source: Source
  /** null: not read yet */
  #waiting: boolean | null = null
  #telling: Promise<void> | null = null

  constructor(source: Source) {
    this.#source = source
  }

  /** In the transaction of what it tells of. Numbers are never used twice, because the log knows a repeat by them. */
  note(fact: Fact, about: About = {}): void {
    const { sql, counter = COUNTER } = this.#source
    const { n } = sql.exec(counter).one()
    sql.exec('INSERT INTO notices (seq, fact) VALUES (?, ?)', Number(n), JSON.stringify({ ...fact, about }))
    this.#waiting = true
  }

  waiting(): boolean {
    this.#waiting ??= this.#source.sql.exec('SELECT 1 FROM notices LIMIT 1').toArray().length > 0
    return this.#waiting
  }

  /** Tells all that waits, one page after another. What the log does not take stays, and whoever has the alarm tries again. */
  tell(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = null
    })
    return this.#telling
  }

  async #tellAll(): Promise<void> {
    while (this.waiting() && (await this.#tellPage()));
  }

  /** False: the log has taken none of it. */
  async #tellPage(): Promise<boolean> {
    const { id, kind, env, sql } = this.#source
    const rows = sql.exec('SELECT seq, fact FROM notices ORDER BY seq LIMIT ?', PAGE).toArray()
    const facts = rows.map(row => {
      // Those of an older release have no `about`.
      const { about = {}, ...fact } = JSON.parse(String(row.fact)) as Fact & { about?: About }
      return { seq: Number(row.seq), about: { ...about, [kind]: id }, fact }
    })
    try {
      // At the end of a month the next try goes to the next one.
      if ((await logOf(env, workspaceOf(id)).hear(id, JSON.stringify(facts))) === false) return false
    } catch {
      console.error(JSON.stringify({ message: 'a notice could not be told', actor: id }))
      return false
    }
    sql.exec('DELETE FROM notices WHERE seq <= ?', Number(rows.at(-1)?.seq))
    this.#waiting = null
    return true
  }
}
