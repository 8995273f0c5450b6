import { describe, expect, test } from 'vitest'
import { checkFlow } from './check.ts'
import { FINISH_ID, FLOW_BYTES_MAX, NEXT_ID, STEPS_MAX } from './flow.ts'

const put = (name: string) => `\${${name}}`
const talk = (id: string, more: object = {}) => ({ id, type: 'talk', option: { text: 'Hello' }, ...more })
const errorsOf = (actions: unknown, call = true) => checkFlow(actions, { call }).errors
const wrong = (stepId: string | null, field: string | null, message: string) => ({
  stepId,
  field,
  message: expect.stringContaining(message),
})

describe('A4.9: a flow that cannot run is refused at save, with the step and the field', () => {
  const rows: [string, unknown, ReturnType<typeof wrong>][] = [
    ['no list', { type: 'talk' }, wrong(null, null, 'a list')],
    ['no steps', [], wrong(null, null, 'at least one')],
    ['too many steps', Array.from({ length: STEPS_MAX + 1 }, (_, n) => talk(`s${n}`)), wrong(null, null, '1000 steps')],
    ['too large', [talk('a', { option: { text: 'x'.repeat(FLOW_BYTES_MAX) } })], wrong(null, null, 'bytes')],
    ['a step that is none', ['talk'], wrong('step-1', null, '{type, option}')],
    ['an unknown verb', [{ id: 'a', type: 'sing' }], wrong('a', 'type', 'no verb sing')],
    ['an internal verb', [{ id: 'a', type: 'dial', option: {} }], wrong('a', 'type', 'no verb dial')],
    [
      'a verb without its world',
      [{ id: 'a', type: 'email_send', option: {} }],
      wrong('a', 'type', 'cannot be used yet'),
    ],
    ['a missing option', [{ id: 'a', type: 'talk', option: {} }], wrong('a', 'text', 'missing')],
    [
      'an option of the wrong kind',
      [{ id: 'a', type: 'sleep', option: { duration: '2000' } }],
      wrong('a', 'duration', 'whole number'),
    ],
    [
      'an option out of its range',
      [{ id: 'a', type: 'sleep', option: { duration: -1 } }],
      wrong('a', 'duration', 'at least 0'),
    ],
    [
      'an option that does not exist',
      [talk('a', { option: { text: 'Hi', speed: 2 } })],
      wrong('a', 'speed', 'no such option'),
    ],
    [
      'an option that waits for its world',
      [talk('a', { option: { text: 'Hi', async: true } })],
      wrong('a', 'async', 'not yet'),
    ],
    [
      'a choice that is none',
      [{ id: 'a', type: 'hangup', option: { reason: 'bored' } }],
      wrong('a', 'reason', 'one of'),
    ],
    [
      'an address of no kind',
      [{ id: 'a', type: 'connect', option: { destinations: [{ type: 'fax', target: '1' }] } }],
      wrong('a', 'destinations', 'its type'),
    ],
    ['a field beside the option', [talk('a', { text: 'Hi' })], wrong('a', 'text', 'no such field')],
    ['a duplicate id', [talk('a'), talk('a')], wrong('a', 'id', 'two steps')],
    ['a long id', [talk('x'.repeat(65))], wrong('x'.repeat(64), 'id', '64 characters')],
    ['a reserved id', [talk(NEXT_ID)], wrong(NEXT_ID, 'id', 'means a place')],
    ['a dangling next_id', [talk('a', { next_id: 'b' })], wrong('a', 'next_id', 'no step b')],
    [
      'a dangling target',
      [{ id: 'a', type: 'branch', option: { target_ids: { 1: 'b' } } }],
      wrong('a', 'target_ids', 'no step b'),
    ],
    [
      'a reserved variable',
      [{ id: 'a', type: 'variable_set', option: { key: 'voipbin.call.id', value: '' } }],
      wrong('a', 'key', 'system'),
    ],
    [
      'a reserved variable in braces',
      [{ id: 'a', type: 'variable_set', option: { key: put('voipbin.x'), value: '' } }],
      wrong('a', 'key', 'system'),
    ],
    ['an unreachable step', [talk('a', { next_id: FINISH_ID }), talk('b')], wrong('b', null, 'no step leads here')],
    ['a step behind an end', [{ id: 'a', type: 'hangup' }, talk('b')], wrong('b', null, 'no step leads here')],
    [
      'steps of another call',
      [
        {
          id: 'a',
          type: 'call',
          option: { destinations: [{ type: 'tel', target: '+1' }], actions: [{ type: 'sing' }] },
        },
      ],
      wrong('a', 'actions', 'no verb sing'),
    ],
    [
      'a zone that is none',
      [
        {
          id: 'a',
          type: 'business_hours',
          option: { zone: 'Mars/Base', intervals: [{ days: [1], from: '08:00', to: '17:00' }], closed_target_id: 'a' },
        },
      ],
      wrong('a', 'zone', 'Europe/Berlin'),
    ],
    [
      'a verb that does nothing on a call',
      [{ id: 'a', type: 'ai_task', option: { assistance_id: 'x' } }],
      wrong('a', 'type', 'nothing on a call'),
    ],
  ]
  test.each(rows)('%s', (_, actions, problem) => {
    expect(errorsOf(actions)).toContainEqual(problem)
  })

  test('a verb that needs a call, in a flow without one', () => {
    expect(errorsOf([talk('a')], false)).toContainEqual(wrong('a', 'type', 'needs a call'))
    expect(errorsOf([{ id: 'a', type: 'variable_set', option: { key: 'x', value: '1' } }], false)).toEqual([])
  })

  test('nesting that no stack of a parser would like', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 5_000; level += 1) deep = [deep]
    expect(errorsOf([{ id: 'a', type: 'talk', option: { text: deep } }])).toContainEqual(wrong(null, null, 'nested'))
  })
})

describe('loops', () => {
  const set = (id: string, next: string) => ({
    id,
    type: 'variable_set',
    option: { key: 'x', value: '1' },
    next_id: next,
  })

  test('a loop without a wait or a count is refused with its step [S1-16]', () => {
    expect(errorsOf([set('a', 'b'), set('b', 'a')])).toEqual([wrong('a', null, 'turns for ever')])
    const branch = { id: 'b', type: 'branch', option: { target_ids: { 1: 'a' } } }
    expect(errorsOf([set('a', 'b'), branch])).toEqual([wrong('a', null, 'turns for ever')])
    // To take up a call once more takes no time.
    const answer = (id: string, next_id: string) => ({ id, type: 'answer', next_id })
    expect(errorsOf([answer('a', 'b'), answer('b', 'a')])).toEqual([wrong('a', null, 'turns for ever')])
  })

  test('a loop over a sentence, a wait or a counted jump is allowed', () => {
    expect(errorsOf([talk('a'), set('b', 'a')])).toEqual([])
    expect(errorsOf([{ id: 'a', type: 'sleep', option: { duration: 1 } }, set('b', 'a')])).toEqual([])
    const goto = { id: 'b', type: 'goto', option: { target_id: 'a', loop_count: 3 } }
    expect(errorsOf([set('a', 'b'), goto])).toEqual([])
  })

  test('seven hundred steps in a row are looked through', () => {
    const steps = Array.from({ length: 700 }, (_, n) => set(`s${n}`, `s${(n + 1) % 700}`))
    const short = steps.map(({ id, next_id }) => ({ id, type: 'goto', option: { target_id: 's0' }, next_id }))
    expect(errorsOf(short)).toEqual([wrong('s0', null, 'turns for ever')])
  })
})

describe('what is only odd is a warning', () => {
  const warned = (actions: unknown) => {
    const { errors, warnings } = checkFlow(actions, { call: true })
    expect(errors).toEqual([])
    return warnings
  }

  test('a bare name, a name in braces, a jump without a count, a variable that nobody sets, an old verb', () => {
    const condition = {
      id: 'a',
      type: 'condition_variable',
      option: { condition: '==', variable: 'voipbin.call.digits', value_string: '1' },
    }
    expect(warned([condition, talk('b')])).toContainEqual(wrong('a', 'variable', 'dollar sign'))
    const branch = { id: 'a', type: 'branch', option: { variable: put('voipbin.call.digits'), target_ids: { 1: 'b' } } }
    expect(warned([branch, talk('b')])).toContainEqual(wrong('a', 'variable', 'without a dollar'))
    expect(warned([talk('a'), { id: 'b', type: 'goto', option: { target_id: 'a' } }])).toContainEqual(
      wrong('b', 'loop_count', 'never jumps'),
    )
    expect(warned([talk('a', { option: { text: `Hi ${put('name')}` } })])).toContainEqual(
      wrong('a', null, 'sets the variable name'),
    )
    expect(warned([{ id: 'a', type: 'condition_datetime', option: { condition: '>=' } }])).toContainEqual(
      wrong('a', 'type', 'business_hours'),
    )
  })

  test('a variable that a step sets is known', () => {
    const set = { id: 'a', type: 'variable_set', option: { key: 'name', value: 'Ann' } }
    expect(warned([set, talk('b', { option: { text: `Hi ${put('name')}` } })])).toEqual([])
  })
})

test('ids that are not given are made, aliases become verbs, and the reserved places may be named [S1-18]', () => {
  const { errors, actions } = checkFlow(
    [
      { type: 'answer' },
      { type: 'record_start' },
      { type: 'conf_join', option: { conference_id: 'standup' }, next_id: FINISH_ID },
    ],
    { call: true },
  )
  expect(errors).toEqual([])
  expect(actions.map(({ id, type }) => `${id} ${type}`)).toEqual([
    'step-1 answer',
    'step-2 recording_start',
    'step-3 conference_join',
  ])
})

test('steps that were fetched may have what our actors answer with, and may lead back into the flow', () => {
  const dial = { type: 'dial', option: { parties: { list: [] }, from: '+1' }, next_id: 'in-the-flow' }
  expect(checkFlow([dial], { call: true, fetched: 'by-us' }).errors).toEqual([])
  expect(checkFlow([dial], { call: true, fetched: 'by-others' }).errors).toHaveLength(1)
})

test('an id that is no text is named, whatever it would become as one [D9]', () => {
  for (const id of [{ toString: 1, valueOf: 2 }, 7, [], { toString: null }]) {
    const { errors } = checkFlow([{ type: 'answer', id }], { call: true })
    expect(errors[0]).toMatchObject({ stepId: 'step-1', field: 'id' })
  }
})
