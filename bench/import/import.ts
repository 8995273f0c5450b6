/**
 * A list of 100,000 rows on its whole way in bare workerd: read while it comes, judged, and saved in the book of the workspace. Then a tenth of it, in a
 * new process, for what memory does as lists grow; and the cases from practice.
 */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import type { Import, ImportRow } from '../../src/actors/import/contract.ts'
import { ACTORS, varsOf } from '../webhook.ts'
import { type Bare, serveBare } from '../workerd.ts'
import { NUMBER_CASES } from './cases.ts'

const SAMPLE_MS = 20
const PIECE = 64 * 1024
const HEAP_MIB = 32
/** Every so many rows one is refused, one has the number of the row before it, and one is corrected. */
const [REFUSED_EVERY, TWICE_EVERY, FIXED_EVERY] = [50, 97, 41]

export interface ImportFigure {
  rows: number
  seconds: number
  peakMiB: number
  /** the same for a tenth of the rows */
  tenthPeakMiB: number
  idleMiB: number
  wrong: number
}

export async function benchImport(rows: number): Promise<ImportFigure> {
  const script = await buildWorker(path.join(WORK, 'bench'), 'bench/race/worker.ts')
  const tenth = await inWorkerd(script, bare => imported(bare, Math.round(rows / 10)))
  const whole = await inWorkerd(script, bare => imported(bare, rows))
  const wrong = await inWorkerd(script, wrongCases)
  return {
    rows,
    seconds: whole.seconds,
    peakMiB: whole.peakMiB,
    tenthPeakMiB: tenth.peakMiB,
    idleMiB: whole.idleMiB,
    wrong: tenth.wrong + whole.wrong + wrong,
  }
}

async function inWorkerd<T>(script: string, run: (bare: Bare) => Promise<T>): Promise<T> {
  const port = await freePort(7290)
  const url = `http://127.0.0.1:${port}`
  const actors = { ...ACTORS, REFERENCE: 'Reference' }
  const vars = varsOf(url, url)
  const bare = await serveBare({ script, port, actors, vars, inMemory: true, heapMiB: HEAP_MIB })
  try {
    return await run(bare)
  } finally {
    bare.stop()
  }
}

interface Expected {
  ok: number
  fixed: number
  duplicate: number
  refused: number
}

/** The list as a stream, and what must be said of it. Numbers are of all kinds of writing. */
function listOf(rows: number): { body: ReadableStream<Uint8Array>; expected: Expected } {
  const expected = { ok: 0, fixed: 0, duplicate: 0, refused: 0 }
  function* lines(): Generator<string> {
    yield 'First name,Last name,Company,Phone,Time zone,Postcode\r\n'
    for (let row = 0; row < rows; row += 1) {
      const n = numberOf(row)
      const twice = row > 0 && row % TWICE_EVERY === 0 && (row - 1) % REFUSED_EVERY !== 0
      const refused = row % REFUSED_EVERY === 0
      const fixed = row % FIXED_EVERY === 0
      expected[refused ? 'refused' : twice ? 'duplicate' : fixed ? 'fixed' : 'ok'] += 1
      const number = refused ? '555' : written(twice ? numberOf(row - 1) : n, row)
      const zone = fixed ? 'Pacific Standard Time' : ''
      yield `First${row},"Last, ${row}",Company ${row % 900},${number},${zone},${10_000 + (row % 80_000)}\r\n`
    }
  }
  const source = lines()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      let text = ''
      while (text.length < PIECE) {
        const { done, value } = source.next()
        if (done) break
        text += value
      }
      if (text === '') return controller.close()
      controller.enqueue(encoder.encode(text))
    },
  })
  return { body, expected }
}

/** Ten digits of the North American plan: exchange 200 to 999 without the service codes. */
function numberOf(row: number): string {
  const areas = ['415', '212', '312', '206', '303', '404', '512', '602', '617', '702']
  const within = Math.floor(row / areas.length)
  return `${areas[row % areas.length]}${220 + Math.floor(within / 9_000)}${1_000 + (within % 9_000)}`
}

function written(digits: string, row: number): string {
  const [area, exchange, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)]
  return [
    `(${area}) ${exchange}-${line}`,
    `+1 ${area} ${exchange} ${line}`,
    `1${digits}`,
    `${area}.${exchange}.${line}`,
  ][row % 4] as string
}

async function imported(bare: Bare, rows: number) {
  await send(bare, 'warm', 'US', 'phone\n+14155550199\n')
  await settled(bare, 'warm')
  const idleMiB = bare.residentMiB()
  let peakMiB = idleMiB
  const sampling = setInterval(() => {
    peakMiB = Math.max(peakMiB, bare.residentMiB())
  }, SAMPLE_MS)
  try {
    const { body, expected } = listOf(rows)
    const begun = performance.now()
    await send(bare, 'list', 'US', body)
    const { counts, saved } = await settled(bare, 'list')
    const seconds = Math.round((performance.now() - begun) / 10) / 100
    const kinds = ['ok', 'fixed', 'duplicate', 'refused'] as const
    const unlike = kinds.reduce((sum, kind) => sum + Math.abs(counts[kind] - expected[kind]), 0)
    return { seconds, peakMiB, idleMiB, wrong: unlike + Math.abs(saved - expected.ok - expected.fixed) }
  } finally {
    clearInterval(sampling)
  }
}

async function wrongCases(bare: Bare): Promise<number> {
  let wrong = 0
  for (const [index, { written, country, number, extension }] of NUMBER_CASES.entries()) {
    await send(bare, `case${index}`, country, `name,phone\nAda,"${written}"\n`)
    await settled(bare, `case${index}`)
    const answer = await fetch(`${bare.url}/bench/import?id=case${index}&rows=1`)
    const [row] = (await answer.json()) as ImportRow[]
    const right = row?.number === number && (number !== null || row.verdict === 'refused')
    const kept = extension === undefined || row?.extension === extension
    if (!right || !kept) {
      wrong += 1
      console.error(`${written} (${country}): ${JSON.stringify(row)}`)
    }
  }
  return wrong
}

async function send(bare: Bare, id: string, country: string, body: BodyInit): Promise<void> {
  const options = { method: 'PUT', body, duplex: 'half' }
  const answer = await fetch(`${bare.url}/bench/import?id=${id}&country=${country}`, options as RequestInit)
  if (!answer.ok) throw new Error(`the list was answered ${answer.status}`)
}

async function settled(bare: Bare, id: string): Promise<Import> {
  for (;;) {
    const one = (await (await fetch(`${bare.url}/bench/import?id=${id}`)).json()) as Import
    if (one.phase === 'imported' || one.phase === 'failed') return one
    await new Promise(resolve => setTimeout(resolve, SAMPLE_MS))
  }
}
