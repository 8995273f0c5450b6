/**
 * D1 for bare workerd, which has none: one object's SQLite behind the part of D1's interface that the product and better-auth use.
 * A query is one RPC, where the local D1 of wrangler is a request through two services (measured: 60 signed-in requests a second).
 */
import { DurableObject } from 'cloudflare:workers'

export interface Statement {
  query: string
  values: unknown[]
}
interface Answered {
  results: Record<string, unknown>[]
  success: true
  meta: { changes: number; last_row_id: number }
}

export class DatabaseActor extends DurableObject {
  /** All of them in one transaction, as D1's batch. */
  run(statements: Statement[]): Answered[] {
    const { storage } = this.ctx
    const { sql } = storage
    return storage.transactionSync(() =>
      statements.map(({ query, values }): Answered => {
        const results = sql.exec(query, ...(values as SqlStorageValue[])).toArray()
        const [row] = sql.exec('SELECT changes() AS changes, last_insert_rowid() AS id').toArray()
        return { results, success: true, meta: { changes: Number(row?.changes), last_row_id: Number(row?.id) } }
      }),
    )
  }
}

export type Databases = DurableObjectNamespace<DatabaseActor>

/** The stub's type leaves out what RPC cannot be sure to carry; these are plain values. */
async function answersOf(databases: Databases, statements: Statement[]): Promise<Answered[]> {
  return (await databases.getByName('d1').run(statements as never)) as Answered[]
}

class Prepared {
  readonly #databases: Databases
  readonly statement: Statement

  constructor(databases: Databases, query: string, values: unknown[]) {
    this.#databases = databases
    this.statement = { query, values }
  }
  bind(...values: unknown[]): Prepared {
    return new Prepared(this.#databases, this.statement.query, values.map(plain))
  }
  async all(): Promise<Answered> {
    return (await answersOf(this.#databases, [this.statement]))[0] as Answered
  }
  async run(): Promise<Answered> {
    return this.all()
  }
  async first(): Promise<Record<string, unknown> | null> {
    return (await this.all()).results[0] ?? null
  }
}

/** D1 takes booleans, SQLite of an object does not. */
function plain(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}

const made = new WeakMap<object, D1Database>()

/** The same object for the same namespace, because the product keeps its sign-in service by it. */
export function databaseOf(databases: Databases, owner: object): D1Database {
  const known = made.get(owner)
  if (known) return known
  const database = {
    prepare: (query: string) => new Prepared(databases, query, []),
    batch: async (prepared: Prepared[]) =>
      answersOf(
        databases,
        prepared.map(one => one.statement),
      ),
    exec: async (query: string) => answersOf(databases, [{ query, values: [] }]),
  } as unknown as D1Database
  made.set(owner, database)
  return database
}
