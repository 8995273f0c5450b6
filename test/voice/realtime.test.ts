/** The third driver, where nobody has set up a model that hears and speaks by itself: the caller is told, not left alone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6290)
  await stage.change({ driver: 'realtime' })
})
afterAll(() => stage.close())

test('the carrier apologises, and the call says why', async () => {
  const call = await stage.dial([{ listen: true }, { pauseMs: 20_000 }])
  await call.over()
  expect(call.said('agent')).toEqual([])
  expect(JSON.stringify(call.entries)).toContain('no voice is set up')
})
