/** The shipping log and the shipping sockets of events in bare workerd: a door for sockets without keys, and one for facts. */
import { upgradeFor } from '../../src/actors/sign-in.ts'
import { StreamActor } from '../../src/actors/stream/actor.ts'
import { logId } from '../../src/core/ids.ts'
import { monthOf } from '../../src/core/month.ts'
import { LogActor } from '../log-without-d1.ts'

export { LogActor, StreamActor }

const WORKSPACE = 'w_bench'
const SIGN_IN = { id: 'bench', endsMs: 8.64e15, userId: 'key_bench', role: 'supervisor', scope: 'events:read' }

interface BenchEnv {
  LOG: DurableObjectNamespace<LogActor>
  STREAM: DurableObjectNamespace<StreamActor>
}

export default {
  async fetch(request: Request, env: BenchEnv): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    const log = env.LOG.getByName(logId(WORKSPACE, monthOf(Date.now())))
    switch (pathname) {
      case '/ws':
        return env.STREAM.getByName(WORKSPACE).fetch(upgradeFor('https://stream/', SIGN_IN))
      case '/fact': {
        const source = searchParams.get('source') ?? ''
        const fact = { ...((await request.json()) as object), at: Date.now() }
        const facts = [{ seq: Number(searchParams.get('seq')), about: { call: source }, fact }]
        return new Response(String(await log.hear(source, JSON.stringify(facts))))
      }
      case '/events':
        return new Response(await log.streamed(searchParams.get('cursor') ?? '', 200))
      default:
        return new Response('ok')
    }
  },
}
