/**
 * The disk of one simulated object: SQLite in memory under the platform's interface. Faults strike at a transaction: a crash
 * before it loses it, a crash after it keeps it and loses the object's memory.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Store } from '../../../src/actors/shell/platform.ts'

type Row = Record<string, unknown>

export class MemoryStore {
  readonly #database = new DatabaseSync(':memory:')
  readonly #statements = new Map<string, StatementSync>()
  /** one life of the object after another writes here; a life that has ended may not */
  life = 0

  /** The store as one life of the object has it. */
  forLife(bell: Pick<Store, 'setAlarm' | 'deleteAlarm'>, strike: (moment: 'before' | 'after') => void): Store {
    const mine = ++this.life
    const alive = () => {
      if (this.life !== mine) throw new Dead()
    }
    const exec = (query: string, ...values: SQLInputValue[]) => {
      alive()
      return this.#run(query, values)
    }
    return {
      sql: { exec } as never,
      transactionSync: body => {
        alive()
        strike('before')
        alive()
        const result = this.#transaction(body)
        strike('after')
        alive()
        return result
      },
      setAlarm: at => {
        alive()
        bell.setAlarm(at)
      },
      deleteAlarm: () => {
        alive()
        bell.deleteAlarm()
      },
    }
  }

  all(query: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(query).all(...values) as Row[]
  }

  close(): void {
    this.#database.close()
  }

  #transaction<T>(body: () => T): T {
    this.#database.exec('BEGIN')
    try {
      const result = body()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #run(query: string, values: SQLInputValue[]) {
    // Several statements in one text are tables and migrations, which have no values.
    if (values.length === 0 && query.includes(';')) {
      this.#database.exec(query)
      return cursor([], 0)
    }
    const statement = this.#prepared(query)
    if (statement.columns().length > 0) return cursor(statement.all(...values) as Row[], 0)
    return cursor([], Number(statement.run(...values).changes))
  }

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query)
    if (known) return known
    const made = this.#database.prepare(query)
    this.#statements.set(query, made)
    return made
  }
}

/** This life of the object is over: nothing that it still does may reach the disk. */
export class Dead extends Error {}

function cursor(rows: Row[], rowsWritten: number) {
  return { rowsWritten, toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator]() }
}
