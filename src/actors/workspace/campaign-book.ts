/** The campaigns of a workspace by name. What they do is their own actor's. */
const TABLES = `
CREATE TABLE IF NOT EXISTS campaigns (campaign_id TEXT PRIMARY KEY, name TEXT NOT NULL, lines INTEGER NOT NULL, created INTEGER NOT NULL);
`

export class CampaignBook {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(TABLES)
  }

  save(campaignId: string, name: string, lines: number): void {
    this.#sql.exec(
      `INSERT INTO campaigns (campaign_id, name, lines, created) VALUES (?, ?, ?, ?)
       ON CONFLICT (campaign_id) DO UPDATE SET name = excluded.name, lines = excluded.lines`,
      campaignId,
      name,
      lines,
      Date.now(),
    )
  }

  has(campaignId: string): boolean {
    return this.#sql.exec('SELECT 1 FROM campaigns WHERE campaign_id = ?', campaignId).toArray().length > 0
  }

  list(): { campaignId: string; name: string; lines: number }[] {
    return this.#sql
      .exec('SELECT campaign_id, name, lines FROM campaigns ORDER BY created')
      .toArray()
      .map(row => ({ campaignId: String(row.campaign_id), name: String(row.name), lines: Number(row.lines) }))
  }
}
