import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Entry } from '../network-log.ts'
import type { Control } from './control.ts'

/** `GET /_/events`: server-sent events of the log, from `since` or from `Last-Event-ID` after a reconnect. */

/** A reader that is this far behind is disconnected; it reconnects and asks for what it missed. */
const UNREAD_BYTES_MAX = 1_048_576
const HEARTBEAT_MS = 15_000

export function streamEvents(control: Control, request: IncomingMessage, response: ServerResponse, url: URL): void {
  const since = Number(request.headers['last-event-id'] ?? url.searchParams.get('since')) || 0
  const write = (entry: Entry): void => {
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy()
    else response.write(`id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`)
  }
  // Subscribe first, because that may throw. Nothing can be logged between this line and the next ones.
  const stop = control.subscribe(write)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (const entry of control.log(since)) write(entry)
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    stop()
  })
}
