/** `Connect` for Node, whose fetch has no Upgrade: it keeps the same contract as the Worker's own. */
import { type RawData, WebSocket } from 'ws'
import { type Connect, HandshakeRefused } from '../../src/providers/socket.ts'

export const connectByWs: Connect = (url, headers, ears, signal) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers })
    let [opened, over] = [false, false]
    signal.addEventListener('abort', () => socket.terminate())
    socket.on('unexpected-response', (_request, response) => {
      reject(new HandshakeRefused(response.statusCode ?? 0, response.headers['retry-after'] ?? null))
      socket.terminate()
    })
    socket.on('error', reject)
    socket.on('message', (data: RawData, binary) => {
      if (over) return
      if (binary) ears.bytes(new Uint8Array(data as Buffer))
      else ears.text(String(data))
    })
    socket.on('close', (code, reason) => {
      reject(new Error('closed'))
      if (over || !opened) return
      over = true
      ears.closed(code, String(reason))
    })
    socket.on('open', () => {
      opened = true
      resolve({
        send: data => {
          if (!over) socket.send(typeof data === 'string' ? data : data.slice())
        },
        close: () => {
          over = true
          socket.close(1000)
        },
      })
    })
  })
