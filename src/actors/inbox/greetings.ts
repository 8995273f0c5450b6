/** What a caller hears before the tone, by box. Without a text of its own a box has that of the workspace, or the usual words. */
import { type Box, GENERAL_BOX } from '../../core/call/voicemail/state.ts'

export class Greetings {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  all(): { box: Box; text: string }[] {
    return this.#sql
      .exec('SELECT * FROM greetings ORDER BY box_kind, box_id')
      .toArray()
      .map(row => ({ box: { kind: row.box_kind, id: String(row.box_id) } as Box, text: String(row.text) }))
  }

  of(box: Box): string | null {
    return this.#own(box) ?? this.#own(GENERAL_BOX)
  }

  /** Empty: the usual words again. */
  set({ kind, id }: Box, text: string): void {
    if (text === '') this.#sql.exec('DELETE FROM greetings WHERE box_kind = ? AND box_id = ?', kind, id)
    else this.#sql.exec('INSERT OR REPLACE INTO greetings (box_kind, box_id, text) VALUES (?, ?, ?)', kind, id, text)
  }

  #own({ kind, id }: Box): string | null {
    const [row] = this.#sql.exec('SELECT text FROM greetings WHERE box_kind = ? AND box_id = ?', kind, id).toArray()
    return row === undefined ? null : String(row.text)
  }
}
