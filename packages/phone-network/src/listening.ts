import type { Server } from 'node:http'

/** how many ports after the wanted one are tried when it is busy */
export const PORTS_TRIED_MAX = 50

/** Listens on 127.0.0.1; 0 is any free port, a busy port gives the next free one. Returns the port. */
export async function listen(server: Server, wanted: number): Promise<number> {
  for (let port = wanted; ; port += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject)
          resolve()
        })
      })
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    } catch (error) {
      const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!busy || port - wanted >= PORTS_TRIED_MAX) throw error
    }
  }
}
