import { expect, test } from 'vitest'
import { onUnhandledError } from '../runner-faults.ts'

test('only what the runner says of its own end is no failure', () => {
  const closing = (word: string) => `[vitest-worker]: Closing rpc while "${word}" was pending`
  for (const word of ['fetch', 'resolve', 'onUserConsoleLog'])
    expect(onUnhandledError({ name: 'EnvironmentTeardownError', message: closing(word) })).toBe(false)
  for (const message of ['lost', 'Network connection lost.', `in a test: ${closing('fetch')}`])
    expect(onUnhandledError({ name: 'Error', message })).toBeUndefined()
  expect(onUnhandledError({ name: 'TypeError', message: closing('fetch') })).toBeUndefined()
})
