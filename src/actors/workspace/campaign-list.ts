/** The campaigns of a workspace: id, name and lines. Everything else of a campaign is its own. */
interface Listed {
  campaignId: string
  name: string
  lines: number
}

export class CampaignList {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  save(campaignId: string, name: string, lines: number): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO campaigns (campaign_id, name, lines, created) VALUES (?, ?, ?, ?)',
      campaignId,
      name,
      lines,
      Date.now(),
    )
  }

  all(): Listed[] {
    return this.#sql
      .exec('SELECT campaign_id, name, lines FROM campaigns ORDER BY created')
      .toArray()
      .map(row => ({ campaignId: String(row.campaign_id), name: String(row.name), lines: Number(row.lines) }))
  }
}
