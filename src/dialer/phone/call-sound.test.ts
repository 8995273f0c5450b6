import { expect, test } from 'vitest'
import { LINEAR_OF } from '../../sound/mulaw.ts'
import { LINEAR } from './call-sound.ts'

test('the page decodes µ-law as the server does', () => {
  expect([...LINEAR].map(sample => Math.round(sample * 32_768) + 0)).toEqual([...LINEAR_OF])
})
