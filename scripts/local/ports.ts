import { createServer } from 'node:net'

const TRIES = 50

/** The wanted port, or the next free one, on loopback. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + TRIES; port += 1) if (await isFree(port)) return port
  throw new Error(`no free port between ${wanted} and ${wanted + TRIES}`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
