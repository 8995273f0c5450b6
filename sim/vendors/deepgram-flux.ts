import type { WebSocket } from 'ws'
import { Refused, type Seen } from './vendor-server.ts'

export function fluxSession(seen: Seen): (socket: WebSocket, cut: boolean) => void {
  throw new Refused(404, `no socket at ${seen.path}`)
}
