import { expect, test } from 'vitest'
import { rewriteSignalling } from './socket-shim.ts'

const local = 'ws://127.0.0.1:5070'

test('only the carrier’s signalling host is rewritten', () => {
  expect(rewriteSignalling('wss://voice-js.roaming.twilio.com/signal', local)).toBe('ws://127.0.0.1:5070/signal')
  expect(rewriteSignalling('wss://voice-js.ashburn.twilio.com/signal', `${local}/`)).toBe('ws://127.0.0.1:5070/signal')
  expect(rewriteSignalling('wss://voice-js.roaming.twilio.com', local)).toBe('ws://127.0.0.1:5070/')
  for (const other of [
    'ws://127.0.0.1:5050/api/desk',
    'wss://example.com/voice-js.x/signal',
    'wss://eventgw.twilio.com/v4',
  ]) {
    expect(rewriteSignalling(other, local)).toBe(other)
  }
})
