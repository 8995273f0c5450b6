/** Boxes in which something has changed and whose desks have not heard of it yet. */
import type { Box } from '../../core/call/voicemail/state.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import { desksOf } from './watchers.ts'

export class News {
  readonly #sql: SqlStorage
  readonly #env: Env
  readonly #workspaceId: string

  constructor(sql: SqlStorage, env: Env, workspaceId: string) {
    this.#sql = sql
    this.#env = env
    this.#workspaceId = workspaceId
  }

  /** In the transaction of the change. */
  note({ kind, id }: Box): void {
    this.#sql.exec(
      'INSERT INTO news (box_kind, box_id, n) VALUES (?1, ?2, 1) ON CONFLICT (box_kind, box_id) DO UPDATE SET n = n + 1',
      kind,
      id,
    )
  }

  /** False: a desk could not be reached and is told again. */
  async tell(): Promise<boolean> {
    let reached = true
    for (const row of this.#sql.exec('SELECT * FROM news').toArray()) {
      const [kind, id, n] = [String(row.box_kind), String(row.box_id), Number(row.n)]
      if (!(await this.#tellDesks({ kind, id } as Box))) reached = false
      else this.#sql.exec('DELETE FROM news WHERE box_kind = ? AND box_id = ? AND n = ?', kind, id, n)
    }
    return reached
  }

  async #tellDesks(box: Box): Promise<boolean> {
    try {
      const desks = await desksOf(this.#env, this.#workspaceId, box)
      await Promise.all(desks.map(desk => stubFor(this.#env, 'desk', desk).inboxChanged()))
      return true
    } catch {
      return false
    }
  }
}
