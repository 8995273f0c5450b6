/** The workspace's own list of outcomes, for new campaigns, and the label that each outcome had last, for reports and files. */
import { DEFAULT_OUTCOMES, type OutcomeChoice } from '../../core/campaign/dispositions.ts'
import type { OutcomeAsk, Outcomes } from '../books.ts'
import type { Schema } from '../shell/schema.ts'

export const OUTCOME_SCHEMA: Schema = {
  firstTable: 'outcome_list',
  tables: `
CREATE TABLE outcome_list (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE outcome_labels (outcome_id TEXT PRIMARY KEY, label TEXT NOT NULL) WITHOUT ROWID;
`,
  migrations: [],
}
/** Lists change for years; a label that is forgotten is shown as its id. */
const LABELS_MAX = 5_000

export class OutcomeBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  answer({ list, used }: OutcomeAsk): Outcomes {
    if (list !== undefined)
      this.#sql.exec('INSERT OR REPLACE INTO outcome_list (id, body) VALUES (1, ?)', JSON.stringify(list))
    for (const { outcomeId, label } of [...(list ?? []), ...(used ?? [])]) this.#label(outcomeId, label)
    return { list: this.#list(), labels: this.#labels() }
  }

  #list(): readonly OutcomeChoice[] {
    const [row] = this.#sql.exec('SELECT body FROM outcome_list').toArray()
    return row === undefined ? DEFAULT_OUTCOMES : (JSON.parse(String(row.body)) as OutcomeChoice[])
  }

  #label(outcomeId: string, label: string): void {
    this.#sql.exec(
      `INSERT INTO outcome_labels (outcome_id, label) SELECT ?1, ?2 WHERE (SELECT COUNT(*) FROM outcome_labels) < ?3
       ON CONFLICT (outcome_id) DO UPDATE SET label = excluded.label`,
      outcomeId,
      label,
      LABELS_MAX,
    )
  }

  #labels(): Record<string, string> {
    const rows = this.#sql.exec('SELECT outcome_id, label FROM outcome_labels').toArray()
    return Object.fromEntries(rows.map(row => [String(row.outcome_id), String(row.label)]))
  }
}
