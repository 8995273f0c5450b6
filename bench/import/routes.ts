/** The bench sends a list to an import and reads how far it is, by these requests; nobody signs in, because only the actors are measured. */
import type { Env } from '../../src/actors/env.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { importId } from '../../src/core/ids.ts'

/** `PUT …?id=&country=`: the whole way of a list into the book. `GET …?id=`: how far it is. `GET …&rows=1`: its first rows. */
export async function importRequest(request: Request, env: Env, { searchParams }: URL): Promise<Response> {
  const id = importId('w_bench', searchParams.get('id') ?? '')
  const one = stubFor(env, 'import', id)
  if (request.method === 'GET')
    return Response.json(
      searchParams.has('rows') ? await one.rows({ verdict: null, after: 0, limit: 200 }) : await one.read(),
    )
  const country = searchParams.get('country') ?? 'US'
  await one.make('List', 'Bench', { country, columns: null, header: null }, 'import')
  if (request.body !== null) await one.receive(request.body)
  return Response.json(await one.read())
}
