/** Trunks: exchanges of others that call in, each by a domain of its own at the carrier, so that what lets one in lets in nobody else. */
import type { Trunk, TrunkAsk } from './carrier-contract.ts'
import type { CarrierDomains } from './carrier-domains.ts'
import { TRUNKS_MAX } from './carrier-tables.ts'
import { carrierSecret } from './proof.ts'

type Row = Record<string, SqlStorageValue>
type Of<D extends TrunkAsk['do']> = Extract<TrunkAsk, { do: D }>

export class Trunks {
  readonly #storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>
  readonly #domains: CarrierDomains

  constructor(storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>, domains: CarrierDomains) {
    this.#storage = storage
    this.#domains = domains
  }

  /** Empty: there is no such trunk, or there are as many as may be. */
  async answer(ask: TrunkAsk, now: number): Promise<Trunk[]> {
    switch (ask.do) {
      case 'list':
        return Promise.all(this.#page(ask).map(row => this.#shown(row)))
      case 'read':
        return this.#read(ask.id)
      case 'make':
        return this.#make(ask, now)
      case 'change':
        return this.#change(ask, now)
      case 'remove':
        return this.#remove(ask.id, now)
      case 'renew':
        return this.#renew(ask.id, now)
    }
  }

  nameOf(id: string): string | null {
    const row = this.#row(id)
    return row === null ? null : String(row.name)
  }

  async #make({ id, settings, credentials, networks }: Of<'make'>, now: number): Promise<Trunk[]> {
    const { sql } = this.#storage
    if (Number(sql.exec('SELECT COUNT(*) AS n FROM trunks').one().n) >= TRUNKS_MAX) return []
    const secret = credentials ? carrierSecret() : null
    this.#storage.transactionSync(() => {
      sql.exec(
        'INSERT INTO trunks (id, name, detail, username, made_ms, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?5)',
        ...[id, settings.name, settings.detail, credentials ? USERNAME : null, now],
      )
      this.#domains.want(id, networks, now)
      if (secret !== null) this.#domains.admit(id, USERNAME, secret, now)
    })
    return this.#with(secret, await this.#read(id))
  }

  async #change({ id, settings, networks }: Of<'change'>, now: number): Promise<Trunk[]> {
    const { name = null, detail = null } = settings
    this.#storage.transactionSync(() => {
      const change =
        'UPDATE trunks SET name = COALESCE(?, name), detail = COALESCE(?, detail), changed_ms = ? WHERE id = ?'
      const known = this.#storage.sql.exec(change, name, detail, now, id).rowsWritten > 0
      if (known && networks !== null) this.#domains.want(id, networks, now)
    })
    return this.#read(id)
  }

  async #remove(id: string, now: number): Promise<Trunk[]> {
    const known = await this.#read(id)
    this.#storage.transactionSync(() => {
      if (this.#storage.sql.exec('DELETE FROM trunks WHERE id = ?', id).rowsWritten > 0) this.#domains.drop(id, now)
    })
    return known
  }

  /** One that is known by its addresses alone stays as it is. */
  async #renew(id: string, now: number): Promise<Trunk[]> {
    const row = this.#row(id)
    if (row === null || row.username === null) return this.#read(id)
    const secret = carrierSecret()
    this.#domains.admit(id, String(row.username), secret, now)
    return this.#with(secret, await this.#read(id))
  }

  #with(secret: string | null, trunks: Trunk[]): Trunk[] {
    return secret === null ? trunks : trunks.map(one => ({ ...one, secret }))
  }

  async #read(id: string): Promise<Trunk[]> {
    const row = this.#row(id)
    return row === null ? [] : [await this.#shown(row)]
  }

  #page({ after, limit }: Of<'list'>): Row[] {
    const page = 'SELECT * FROM trunks WHERE id > ? ORDER BY id LIMIT ?'
    return this.#storage.sql.exec(page, after ?? '', limit).toArray()
  }

  #row(id: string): Row | null {
    return this.#storage.sql.exec('SELECT * FROM trunks WHERE id = ?', id).toArray()[0] ?? null
  }

  async #shown(row: Row): Promise<Trunk> {
    const id = String(row.id)
    return {
      ...{ id, name: String(row.name), detail: String(row.detail) },
      username: row.username === null ? null : String(row.username),
      networks: this.#domains.networks(id),
      domain: await this.#domains.shown(id),
      ...{ madeMs: Number(row.made_ms), changedMs: Number(row.changed_ms) },
    }
  }
}

/** A domain has this user alone. */
const USERNAME = 'trunk'
