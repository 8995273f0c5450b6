import { expect, test } from 'vitest'
import { CallflowError, readCallflow } from './callflow.ts'

const OURS = new Set(['+6531234567'])
const say = (params: object = {}) => ({ action: 'say', params: { text: 'Hold.', voiceProfile: 'en-US-A', ...params } })
const call = (params: object = {}) => ({
  action: 'makeCall',
  params: { source: '6531234567', destination: '6591234567', ...params },
})
const asks = (params: object = {}) => ({
  action: 'sayAndCapture',
  params: { promptMessage: 'PIN?', voiceProfile: 'en-US-A', ...params },
})
const read = (...callflow: unknown[]) => readCallflow(JSON.stringify({ clientActionId: 'x', callflow }), OURS)

test('what the documents write is read, with their defaults; a number may have its plus or not', () => {
  expect(read(say(), call({ destination: '+6591234567' }))).toEqual({
    clientActionId: 'x',
    actions: [
      { action: 'say', text: 'Hold.', repetition: 1, speed: 1 },
      { action: 'makeCall', source: '+6531234567', destination: '+6591234567' },
    ],
  })
  expect(read(asks({ minDigits: 4, maxDigits: 6, overallTimeout: 9_000 })).actions).toMatchObject([
    { prompt: 'PIN?', most: 6, ms: 9_000, onHash: true, tries: 1 },
  ])
  expect(
    read({ action: 'playFile', params: { fileUrl: 'https://a.test/b.mp3' } }, { action: 'hangup' }).actions,
  ).toEqual([{ action: 'playFile', fileUrl: 'https://a.test/b.mp3', repetition: 1 }, { action: 'hangup' }])
})

test.each<[number, string, unknown[]]>([
  [-1002, 'no voice', [say({ voiceProfile: undefined })]],
  [-1003, 'minDigits alone', [asks({ minDigits: 4 })]],
  [-1005, 'a digitTimeout above all', [asks({ digitTimeout: 9_000, overallTimeout: 5_000 })]],
  [-1007, 'an unknown action', [{ action: 'dance' }]],
  [-1008, 'no end of keys', [asks({ completeOnHash: false })]],
  [-1009, 'a text that is too long', [say({ text: 'a'.repeat(3_001) })]],
  [-1009, 'no action', [null]],
  [-1010, 'too many', Array.from({ length: 21 }, () => say())],
  [-1011, 'two destinations', [call(), call()]],
  [-1012, 'words behind the end', [{ action: 'hangup' }, say()]],
  [-1014, 'a caller id of somebody else', [call({ source: '6599999999' })]],
  [-1016, 'a control character', [say({ text: 'a\u0007b' })]],
  [-1017, 'no number', [call({ destination: 'reception' })]],
])('%i: %s', (code, _, flow) => {
  expect(() => read(...flow)).toThrowError(expect.objectContaining({ code }))
})

test.each(['', 'no json', '[]', '{}'])('%j is no callflow', text => {
  expect(() => readCallflow(text, OURS)).toThrow(CallflowError)
})
