/** The carrier hears and speaks (ConversationRelay), and the same conversation decides who speaks. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AiStage } from './ai-stage.ts'

let stage: AiStage
beforeAll(async () => {
  stage = await AiStage.set(6250)
  await stage.change({ driver: 'relay' })
})
afterAll(() => stage.close())

const LISTEN = { listen: true }

test('a caller asks and is answered in words alone; what was played is what was said [S2-45]', async () => {
  const call = await stage.dial([LISTEN, { say: 'What are your opening hours?' }, LISTEN, { say: 'Goodbye.' }, LISTEN])
  await call.over()
  expect(call.said('caller')).toEqual(['What are your opening hours?', 'Goodbye.'])
  const [opening, answer, farewell] = call.said('agent')
  expect(opening).toBe('Hello, this is Robin at Northwind Supplies. How can I help you?')
  expect(answer).toContain('We are open Monday to Friday, nine to five.')
  expect(farewell).toBe('Thank you for calling. Goodbye!')
})

test('an interruption: the model is told only what the caller heard', async () => {
  const call = await stage.dial([
    LISTEN,
    { say: 'What can you do?' },
    { pauseMs: 3_500 },
    { say: 'How much does it cost?' },
    LISTEN,
    { hangUp: true },
  ])
  await call.over()
  const [cut] = call.entries.filter(entry => entry.interrupted)
  expect(cut?.text).toMatch(/^I can/)
  expect(cut?.text.length).toBeLessThan(120)
  expect(call.said('agent').join(' ')).toContain('twenty dollars')
})

test('a driver for which nothing is set up: the carrier apologises, and the call says why', async () => {
  await stage.change({ driver: 'realtime' })
  const call = await stage.dial([LISTEN, { pauseMs: 20_000 }])
  await call.over()
  expect(call.said('agent')).toEqual([])
  expect(JSON.stringify(call.entries)).toContain('no voice is set up')
})
