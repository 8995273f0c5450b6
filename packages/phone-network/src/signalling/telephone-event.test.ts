import { expect, test } from 'vitest'
import { KeySender, TelephoneEvents } from './telephone-event.ts'

/** Keys as named events, out and in (RFC 4733). */

const TICKS = 160
const FRAMES_PER_KEY = 25

test('each key is one event that a receiver reads once, half a second apart', () => {
  const sender = new KeySender()
  const reader = new TelephoneEvents()
  sender.add('5w#')
  const read: string[] = []
  for (let frame = 0; frame < 4 * FRAMES_PER_KEY; frame += 1) {
    const packet = sender.next(TICKS)
    const digit = packet && reader.read(packet.payload, (frame - packet.frame) * TICKS)
    if (digit) read.push(`${digit}@${frame}`)
  }
  expect(read).toEqual(['5@0', '#@50'])
})

test('an event grows packet by packet and says its end three times with the same length', () => {
  const sender = new KeySender()
  sender.add('*')
  const packets = Array.from({ length: FRAMES_PER_KEY }, () => sender.next(TICKS)).filter(packet => packet !== null)
  expect(packets.map(({ payload }) => [payload[0], (payload[1] ?? 0) >> 7, payload.readUInt16BE(2)])).toEqual([
    [10, 0, 160],
    [10, 0, 320],
    [10, 0, 480],
    [10, 1, 640],
    [10, 1, 640],
    [10, 1, 640],
  ])
})
