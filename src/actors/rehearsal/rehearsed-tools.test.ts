import { afterEach, describe, expect, test, vi } from 'vitest'
import { aiAgentBody } from '../../wire/ai-agent.ts'
import { Tools } from '../call/voice/tool-executor.ts'
import { RehearsedTools } from './rehearsed-tools.ts'

const AGENT = aiAgentBody.parse({
  name: 'Robin',
  prompt: 'Speak.',
  tools: ['transfer_call', 'end_call', 'leave_voicemail', 'book_callback', 'lookup_contact', 'set_variable'],
  directory: [
    { name: 'sales', kind: 'desk', target: 'u1' },
    { name: 'Warehouse', kind: 'number', target: '+14155550199' },
  ],
  httpTools: [
    { name: 'order_status', description: 'Where is it?', method: 'POST', url: 'https://shop.example.com', input: {} },
  ],
})

function rehearsed(answers: Record<string, unknown> = {}) {
  const did: string[] = []
  const executor = new RehearsedTools(AGENT, answers, {
    leaveAfterReply: () => void did.push('leaves'),
    stayAfterReply: () => void did.push('stays'),
    say: sentence => void did.push(`says ${sentence}`),
    remember: (name, value) => void did.push(`${name} is ${value}`),
    handOver: (to, summary) => void did.push(`hands over to a ${to}: ${summary}`),
  })
  const tools = new Tools(AGENT, executor)
  return { did, run: (name: string, input: unknown = {}) => tools.run({ toolId: '1', name, input }) }
}

afterEach(() => vi.unstubAllGlobals())

describe('as on a call', () => {
  test('what is not enabled, and arguments that do not fit, are refused', async () => {
    const { run, did } = rehearsed({ send_dtmf: { result: 'pressed' } })
    expect(await run('send_dtmf', { digits: '1' })).toEqual({ error: 'This agent has no such tool.' })
    expect(await run('book_callback', {})).toMatchObject({ error: expect.stringContaining('when') })
    expect(await run('transfer_call', { dest: 'the moon' })).toMatchObject({ error: expect.stringContaining('sales') })
    expect(did).toEqual([])
  })

  test('each answers as it would', async () => {
    const { run, did } = rehearsed()
    expect(await run('opt_out')).toEqual({ result: 'This number will not be called again.' })
    expect(await run('book_callback', { when: 'tuesday' })).toEqual({ result: 'noted', when: 'tuesday' })
    expect(await run('lookup_contact')).toEqual({ result: 'unknown' })
    expect(await run('set_variable', { name: 'day', value: 'tuesday' })).toEqual({ result: 'remembered' })
    await run('leave_voicemail', { message: 'Call us.' })
    await run('end_call')
    expect(did).toEqual(['day is tuesday', 'says Call us.', 'leaves', 'leaves'])
  })

  test.each([
    ['Sales', 'desk'],
    ['warehouse', 'number'],
  ])('a transfer to %s hands over, once', async (dest, to) => {
    const { run, did } = rehearsed()
    expect(await run('transfer_call', { dest, summary: 'wants a price' })).toMatchObject({ result: 'success' })
    expect(await run('transfer_call', { dest })).toEqual({ error: 'A colleague is being asked already.' })
    expect(did).toEqual(['stays', `hands over to a ${to}: wants a price`])
  })

  test('a transfer and the end of the call in one answer: the transfer, in either order [C8]', async () => {
    const first = rehearsed()
    await first.run('transfer_call', { dest: 'sales' })
    expect(await first.run('end_call')).toMatchObject({ error: expect.stringContaining('cannot end now') })
    expect(first.did).toEqual(['stays', 'hands over to a desk: '])
    const last = rehearsed()
    await last.run('end_call')
    await last.run('transfer_call', { dest: 'sales' })
    expect(last.did).toEqual(['leaves', 'stays', 'hands over to a desk: '])
  })
})

describe('what the scenario answers', () => {
  test('is told to the model, and what did not work has not happened', async () => {
    const { run, did } = rehearsed({
      transfer_call: { error: 'Nobody is free.' },
      lookup_contact: { result: 'found', firstName: 'Ada' },
      end_call: { result: 'As you like.' },
    })
    expect(await run('transfer_call', { dest: 'sales' })).toEqual({ error: 'Nobody is free.' })
    expect(await run('lookup_contact')).toEqual({ result: 'found', firstName: 'Ada' })
    expect(await run('end_call')).toEqual({ result: 'As you like.' })
    expect(did).toEqual(['leaves'])
  })

  test('an HTTP tool never leaves the house', async () => {
    const fetched = vi.fn()
    vi.stubGlobal('fetch', fetched)
    expect(await rehearsed().run('order_status', { order: '1' })).toEqual({ result: 'ok' })
    expect(await rehearsed({ order_status: { state: 'shipped' } }).run('order_status')).toEqual({ state: 'shipped' })
    expect(fetched).not.toHaveBeenCalled()
  })
})
