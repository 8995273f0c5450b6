/** A flow that begins when a recording is there: once, with what the recording is, and whatever dies meanwhile. */
import { expect, test } from 'vitest'
import { DAY_MS, disk, HOUR_MS, heard, SOUND, START } from './recording-world.ts'

const variable = (name: string) => ['$', `{${name}}`].join('')
const HOOK = 'https://example.com/hook'
const TELLS = [
  { id: 'a', type: 'variable_set', option: { key: 'which', value: `R ${variable('voipbin.recording.id')}` } },
  { id: 'b', type: 'webhook_send', option: { uri: HOOK, method: 'POST', sync: true, data: variable('which') } },
  { id: 'c', type: 'stop', option: {} },
]
const ended = 'end-flow:RE1:ended'

test('it begins with the commit that makes the recording available, runs to its end, and never a second time', () =>
  disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    world.flows.set('f1', JSON.stringify(TELLS))
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('in-progress', { onEndFlowId: 'f1' }))
    await until(START + HOUR_MS)
    expect([rows.endFlows.shown('RE1'), [...world.moved]]).toEqual([null, []])
    rows.file(heard('completed', { onEndFlowId: 'f1' }))
    await until(START + 2 * HOUR_MS)
    expect(rows.endFlows.shown('RE1')).toMatchObject({ flowId: 'f1', status: 'over', reason: 'stopped', because: '' })
    expect(rows.endFlows.shown('RE1')?.steps.map(({ stepId, verb, result }) => [stepId, verb, result])).toEqual([
      ['a', 'variable_set', 'done'],
      ['b', 'webhook_send', '200'],
      ['c', 'stop', 'stopped'],
    ])
    expect([...world.moved.values()]).toMatchObject([
      { of: 'w_a.call_1', flowId: 'f1', reason: '' },
      { of: 'w_a.call_1', flowId: 'f1', reason: 'stopped' },
    ])
    rows.file(heard('completed', { onEndFlowId: 'f1' }))
    await until(START + 3 * HOUR_MS)
    expect(world.deeds.filter(deed => deed.startsWith('asked'))).toEqual([`asked webhook_send ${HOOK}`])
  }))

test('a recording that the carrier does not give, or heard nothing of, begins no flow', () =>
  disk(async (live, world) => {
    world.flows.set('f1', JSON.stringify(TELLS))
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('absent', { onEndFlowId: 'f1' }))
    await until(START + HOUR_MS)
    expect([rows.endFlows.shown('RE1'), world.deeds]).toEqual([null, []])
  }))

test('a verb that needs a call fails in words, and so does a flow that is gone', () =>
  disk(async (live, world) => {
    for (const id of ['RE1', 'RE2']) world.atCarrier.set(id, SOUND)
    world.flows.set('f1', JSON.stringify([{ id: 'says', type: 'talk', option: { text: 'Hello' } }]))
    const { rows, until } = live()
    rows.swept(START + DAY_MS)
    rows.file(heard('completed', { onEndFlowId: 'f1' }))
    rows.file(heard('completed', { recordingId: 'RE2', onEndFlowId: 'f2' }))
    await until(START + HOUR_MS)
    const why = 'talk needs a call, and this flow has none'
    expect(rows.endFlows.shown('RE1')).toMatchObject({
      ...{ status: 'over', reason: 'failed', because: `says: ${why}` },
      steps: [{ stepId: 'says', verb: 'talk', result: why }],
    })
    expect(rows.endFlows.shown('RE2')).toMatchObject({ reason: 'failed', because: 'there is no such flow' })
    expect(world.moved.get(ended)).toMatchObject({ reason: 'failed', because: `says: ${why}` })
  }))

/** The object dies at step `at`, and another one goes on. False: it had not so many steps. */
async function killedAt(at: number, done: boolean): Promise<boolean> {
  let died = false
  await disk(async (live, world) => {
    world.atCarrier.set('RE1', SOUND)
    world.flows.set('f1', JSON.stringify(TELLS))
    const first = live()
    first.rows.swept(START + DAY_MS)
    first.rows.file(heard('completed', { onEndFlowId: 'f1' }))
    world.begin({ at, done })
    died = await Promise.race([first.until(world.now + HOUR_MS).then(() => false), world.died.then(() => true)])
    world.begin(null)
    const { rows, until } = live()
    await until(world.now + HOUR_MS)
    expect(rows.endFlows.shown('RE1')).toMatchObject({ status: 'over', reason: 'stopped' })
    // The server is asked once at most: where its answer was not seen, the step says so and the flow goes on.
    expect(world.deeds.filter(deed => deed.startsWith('asked'))).toHaveLength(1)
    const [, asked] = rows.endFlows.shown('RE1')?.steps ?? []
    expect(['200', 'outcome-unknown']).toContain(asked?.result)
    expect([...world.moved.keys()].sort()).toEqual([ended, 'end-flow:RE1:started'])
  })
  return died
}

test.each([false, true])('the object dies at any point (its deed is done: %s): the flow has run once', async done => {
  let at = 1
  while (await killedAt(at, done)) at += 1
  expect(at - 1).toBeGreaterThanOrEqual(7)
})
