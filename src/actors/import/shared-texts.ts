/**
 * The texts that the cells of a spreadsheet share. They are kept in blocks in the object's tables, and the blocks that were read last in memory:
 * a sheet names them mostly in their order.
 */
const BLOCK_TEXTS = 500
const BLOCK_CHARS = 200_000
const BLOCKS_IN_MEMORY = 8

interface Block {
  first: number
  texts: string[]
}

export class SharedTexts {
  readonly #sql: SqlStorage
  #count = 0
  #held: string[] = []
  #chars = 0
  #blocks: Block[] = []

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  add(text: string): void {
    this.#held.push(text)
    this.#chars += text.length
    if (this.#held.length >= BLOCK_TEXTS || this.#chars >= BLOCK_CHARS) this.close()
  }

  /** What was added last is readable from here on. */
  close(): void {
    if (this.#held.length === 0) return
    this.#sql.exec('INSERT INTO texts (n, text) VALUES (?, ?)', this.#count, JSON.stringify(this.#held))
    this.#count += this.#held.length
    this.#held = []
    this.#chars = 0
  }

  /** Empty: the list has no such text. */
  at(n: number): string {
    const known = this.#blocks.find(({ first, texts }) => n >= first && n < first + texts.length)
    const block = known ?? this.#read(n)
    return block?.texts[n - block.first] ?? ''
  }

  #read(n: number): Block | undefined {
    const find = 'SELECT n, text FROM texts WHERE n <= ? ORDER BY n DESC LIMIT 1'
    const [row] = this.#sql.exec(find, n).toArray()
    if (row === undefined) return undefined
    const block = { first: Number(row.n), texts: JSON.parse(String(row.text)) as string[] }
    this.#blocks = [block, ...this.#blocks.slice(0, BLOCKS_IN_MEMORY - 1)]
    return block
  }
}
