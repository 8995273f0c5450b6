/** The shipping log in an object that is told many pages by one request, so that the log is measured and not the requests around it. */
import { Archive } from '../../src/actors/log/archive/archive.ts'
import { Archiver } from '../../src/actors/log/archive/archiver.ts'
import { Segments } from '../../src/actors/log/archive/segments.ts'
import { Shelf } from '../../src/actors/log/archive/shelf.ts'
import { logId, workspaceOf } from '../../src/core/ids.ts'
import { monthOf } from '../../src/core/month.ts'
import { storageOf } from '../../src/providers/registry.ts'
import { LogActor as WithoutD1 } from '../log-without-d1.ts'

const WORKSPACE = 'w_bench'
/** So many pages are told at once, and so share a transaction: those of 240 rounds. */
const PAGES_AT_ONCE = 4_200
const STEPS_PER_REQUEST = 20

interface BenchEnv {
  LOG: DurableObjectNamespace<LogActor>
}

export class LogActor extends WithoutD1 {
  /** A line for each page, its source before a tab: through the door that every actor of a workspace uses. */
  async fill(text: string): Promise<void> {
    const lines = text.split('\n')
    for (let from = 0; from < lines.length; from += PAGES_AT_ONCE) {
      const told = lines.slice(from, from + PAGES_AT_ONCE).map(line => {
        const tab = line.indexOf('\t')
        return this.hear(line.slice(0, tab), line.slice(tab + 1))
      })
      if ((await Promise.all(told)).includes(false)) throw new Error('a page was not taken')
    }
  }

  async sizes() {
    const { sql } = this.ctx.storage
    const one = (query: string) => Number(sql.exec(query).one().n ?? 0)
    return {
      objectBytes: sql.databaseSize,
      calls: one('SELECT COUNT(*) AS n FROM calls'),
      eventChars: one('SELECT event_chars AS n FROM month'),
      segments: one('SELECT COUNT(*) AS n FROM segments'),
      files: one(`SELECT SUM((files ->> '$.plain.bytes') + (files ->> '$.personal.bytes')) AS n FROM segments`),
      due: (await this.ctx.storage.getAlarm()) ?? 0,
    }
  }

  /** Moves the month as if it had been over for long. True: there is more. */
  async move(): Promise<boolean> {
    const segments = new Segments(this.ctx.storage.sql)
    const shelf = new Shelf(storageOf(this.env), WORKSPACE, monthOf(Date.now()))
    const archive = new Archive(this.ctx.storage.sql, segments, shelf)
    const archiver = new Archiver(this.ctx.storage, { segments, shelf, archive })
    for (let step = 0; step < STEPS_PER_REQUEST; step += 1) if (!(await archiver.step(Date.now(), true))) return false
    return true
  }
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const log = env.LOG.getByName(logId(workspaceOf(WORKSPACE), monthOf(Date.now())))
    switch (pathname) {
      case '/fill':
        await log.fill(await request.text())
        return Response.json(await log.sizes())
      case '/sizes':
        return Response.json(await log.sizes())
      case '/move':
        return Response.json(await log.move())
      case '/list': {
        const filters = Object.fromEntries([...searchParams].filter(([name]) => name !== 'cursor'))
        return Response.json(await log.list({ cursor: searchParams.get('cursor'), limit: 50, ...filters }))
      }
      case '/detail':
        return new Response(await log.detail(searchParams.get('call') ?? ''))
      default:
        return new Response('ok')
    }
  },
}
