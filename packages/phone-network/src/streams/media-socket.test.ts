import { expect, test } from 'vitest'
import { FRAME_BYTES } from '../media/mulaw.ts'
import { StreamServer } from '../testing/stream-server.ts'
import { realTime } from '../time.ts'
import type { FrameListener } from './frames.ts'
import { MediaSocket } from './media-socket.ts'

/** A program that does not read, and one that sends too much. */

async function connect(server: StreamServer) {
  const complaints: number[] = []
  const frames: FrameListener[] = []
  let open = (): void => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const socket = new MediaSocket(
    {
      do: 'stream-open',
      callSid: 'CA1',
      streamSid: 'MZ1',
      url: `wss://127.0.0.1:${server.port}/`,
      tracks: ['inbound'],
      bidirectional: true,
      parameters: {},
    },
    {
      accountSid: 'AC1',
      authToken: 'secret',
      tunnels: new Map(),
      time: realTime(),
      line: {
        listen: (_callSid, listener) => {
          frames.push(listener)
          return () => frames.splice(0)
        },
      },
      opened: open,
      lost: () => undefined,
      complain: code => complaints.push(code),
    },
  )
  await opened
  return { socket, complaints, hear: (frame: Uint8Array) => frames[0]?.(frame, frame) }
}

test('a slow reader misses sound, is told of once, and never blocks the line', async () => {
  const server = await new StreamServer().start()
  const { socket, complaints, hear } = await connect(server)
  await server.until(() => server.of('start').length === 1)
  server.sockets[0]?.pause()
  const frame = new Uint8Array(FRAME_BYTES)
  // Half an hour of frames in no time: the program cannot have read them.
  for (let index = 0; index < 90_000; index += 1) hear(frame)
  expect(complaints).toEqual([31930])
  server.sockets[0]?.resume()
  await server.until(() => server.of('media').length > 100)
  const count = server.of('media').length
  hear(frame)
  expect(count).toBeLessThan(90_000)
  socket.cut()
  await server.stop()
})

test('more sound than the network keeps is dropped, with a complaint; so are mistakes without end', async () => {
  const server = await new StreamServer().start()
  const { socket, complaints, hear } = await connect(server)
  const minute = Buffer.alloc(60 * 8_000, 0x20).toString('base64')
  for (let index = 0; index < 7; index += 1)
    server.say({ event: 'media', streamSid: 'MZ1', media: { payload: minute } })
  for (let index = 0; index < 50; index += 1) server.say({ event: 'nonsense', streamSid: 'MZ1' })
  server.say({ event: 'clear', streamSid: 'MZ1' })
  server.say({ event: 'mark', streamSid: 'MZ1', mark: { name: 'all read' } })
  await server.until(() => server.of('mark').length === 1)
  expect(complaints).toEqual(Array.from({ length: 10 }, () => 31924))
  hear(new Uint8Array(FRAME_BYTES))
  socket.cut()
  await server.stop()
})
