/** A running flow, by scenario: what other systems of the field do wrong (reference A4), and the rules of docs/domain/flow.md. */
import { describe, expect, test } from 'vitest'
import { FINISH_ID, FLOW_BYTES_MAX } from '../../flow/flow.ts'
import { playScenario, type ScenarioDraft } from '../../flow/scenario/scenario.ts'
import type { CallerAct, Expectation, OutsideAct } from '../../flow/scenario/words.ts'

const put = (name: string) => `\${${name}}`
const talk = (id: string, text: string, more: object = {}) => ({ id, type: 'talk', option: { text }, ...more })
const END = { id: 'end', type: 'hangup' }
const expects = (...expect: Expectation[]): ScenarioDraft => ({ expect })

/** Null: everything came as expected. */
function failing(actions: unknown, draft: ScenarioDraft) {
  const { failed } = playScenario(actions, draft)
  return failed
}
const heard = (actions: unknown, draft: Partial<ScenarioDraft> = {}) =>
  playScenario(actions, { expect: [{ endsWithinMs: 86_400_000 }], ...draft })
    .transcript.filter(({ kind }) => kind === 'hears')
    .map(({ words }) => words)
const keys = (...acts: string[]): CallerAct[] => acts.map(one => ({ keys: one }))

describe('what other systems do wrong', () => {
  const at = Date.parse('2026-01-05T09:10:00Z')

  test('A4.1: 09:10 is after 08:30 for business_hours; condition_datetime compares each part by itself, as flows of VoIPBIN expect', () => {
    const old = {
      id: 'a',
      type: 'condition_datetime',
      option: { condition: '>=', hour: 8, minute: 30, false_target_id: 'no' },
    }
    const interval = { days: [1], from: '08:30', to: '17:00' }
    const ours = {
      id: 'a',
      type: 'business_hours',
      option: { zone: 'UTC', intervals: [interval], closed_target_id: 'no' },
    }
    const rest = [talk('yes', 'open', { next_id: 'end' }), talk('no', 'closed'), END]
    expect(heard([old, ...rest], { at })).toEqual(['closed'])
    expect(heard([ours, ...rest], { at })).toEqual(['open'])
  })

  test.each(['name', put('name')])('A4.2: condition_variable takes the variable as %s', variable => {
    const set = { id: 's', type: 'variable_set', option: { key: 'name', value: 'Ann' } }
    const option = { condition: '==', variable, value_string: 'Ann', false_target_id: 'no' }
    const flow = [
      set,
      { id: 'a', type: 'condition_variable', option },
      talk('yes', 'it is', { next_id: 'end' }),
      talk('no', 'it is not'),
      END,
    ]
    expect(heard(flow)).toEqual(['it is'])
  })

  test('A4.2: a value that looks like a name is compared as it came out', () => {
    const steps = [
      { id: 's', type: 'variable_set', option: { key: 'name', value: 'other' } },
      { id: 't', type: 'variable_set', option: { key: 'other', value: 'hidden' } },
      {
        id: 'a',
        type: 'condition_variable',
        option: { condition: '==', variable: put('name'), value_string: 'other', false_target_id: 'end' },
      },
      talk('yes', 'not followed twice'),
      END,
    ]
    expect(heard(steps)).toEqual(['not followed twice'])
  })

  test('A4.3: a branch takes a name and empties that variable [S1-16]', () => {
    const steps = [
      { id: 'k', type: 'digits_receive', option: {} },
      { id: 'b', type: 'branch', option: { target_ids: { 2: 'two' }, default_target_id: 'end' } },
      talk('two', `two, and now ${put('voipbin.call.digits')}nothing`),
      END,
    ]
    expect(heard(steps, { caller: keys('2') })).toEqual(['two, and now nothing'])
    expect(failing(steps, { caller: keys('2'), expect: [{ variable: 'voipbin.call.digits', is: '' }] })).toBeNull()
  })

  test('A4.4: goto without a count never jumps, and its count is that of its stack [S1-16]', () => {
    expect(heard([talk('a', 'once'), { id: 'g', type: 'goto', option: { target_id: 'a' } }])).toEqual(['once'])
    const twice = [talk('i', 'inner'), { id: 'g', type: 'goto', option: { target_id: 'i', loop_count: 1 } }]
    const outer = [
      { id: 'f', type: 'fetch_flow', option: { flow_id: 'inner' } },
      { id: 'o', type: 'goto', option: { target_id: 'f', loop_count: 1 } },
    ]
    expect(heard(outer, { flows: { inner: twice } })).toEqual(['inner', 'inner', 'inner', 'inner'])
  })

  test('A4.5: the end key is not part of what was keyed', () => {
    const steps = [
      { id: 'k', type: 'digits_receive', option: { length: 10, key: '#' } },
      talk('t', `heard ${put('voipbin.call.digits')}`),
    ]
    expect(heard(steps, { caller: keys('123#') })).toEqual(['heard 123'])
  })

  test('A4.6: the answer of webhook_send with sync is in variables; without sync nobody waits', () => {
    const steps = [
      { id: 'w', type: 'webhook_send', option: { uri: 'https://crm.test/', sync: true } },
      talk('t', `status ${put('trunkline.webhook.status')}`),
    ]
    const outside: OutsideAct[] = [
      {
        verb: 'webhook_send',
        answer: { is: 'result', result: '200', variables: { 'trunkline.webhook.status': '200' } },
      },
    ]
    expect(heard(steps, { outside })).toEqual(['status 200'])
    // An error of it is noted and the flow goes on.
    expect(heard(steps, { outside: [{ verb: 'webhook_send', never: true }] })).toEqual(['status '])
    const alone = [{ id: 'w', type: 'webhook_send', option: { uri: 'https://crm.test/' } }, talk('t', 'at once')]
    expect(failing(alone, expects({ asks: 'webhook_send' }, { hears: 'at once' }, { endsWithinMs: 2_000 }))).toBeNull()
  })

  test.each([
    ['hangs', { verb: 'fetch', never: true }],
    ['answers no steps', { verb: 'fetch', answer: { is: 'steps', actions: [{ type: 'sing' }] } }],
    ['answers steps of ours', { verb: 'fetch', answer: { is: 'steps', actions: [{ type: 'dial', option: {} }] } }],
    [
      'answers ten thousand steps',
      { verb: 'fetch', answer: { is: 'steps', actions: Array(10_000).fill({ type: 'beep' }) } },
    ],
    ['answers something else', { verb: 'fetch', answer: { is: 'steps', actions: 'no' as never } }],
  ] as [string, OutsideAct][])('A4.7: a fetch whose server %s takes the error branch', (_, act) => {
    const fetch = {
      id: 'f',
      type: 'fetch',
      option: { event_url: 'https://flows.test/', error_target_id: 'sorry' },
      next_id: 'end',
    }
    expect(heard([fetch, talk('sorry', 'our mistake'), END], { outside: [act] })).toEqual(['our mistake'])
  })

  test('A4.7: without an error branch it is the apology', () => {
    const fetch = [{ id: 'f', type: 'fetch', option: { event_url: 'https://flows.test/' } }]
    expect(
      failing(fetch, {
        outside: [{ verb: 'fetch', never: true }],
        ...expects({ hears: 'We are sorry' }, { ends: 'failed' }),
      }),
    ).toBeNull()
  })

  test('A4.7: what it fetched runs, and may lead back into the flow', () => {
    const steps = [
      { id: 'f', type: 'fetch', option: { event_url: 'https://flows.test/' } },
      talk('no', 'not this way'),
      talk('back', 'back'),
      END,
    ]
    const actions = [talk('in', 'fetched', { next_id: 'back' })]
    const outside: OutsideAct[] = [{ verb: 'fetch', answer: { is: 'steps', actions } }]
    expect(heard(steps, { outside, expect: [] })).toEqual(['fetched', 'back'])
  })

  test('A4.10: connect relays the reason, with several destinations too', () => {
    const destinations = ['+1', '+2'].map(target => ({ type: 'tel', target }))
    const steps = [{ id: 'c', type: 'connect', option: { destinations, relay_reason: true } }, talk('t', 'not reached')]
    const outside: OutsideAct[] = [{ verb: 'dial', end: 'busy' }]
    expect(failing(steps, { outside, ...expects({ ends: 'hung-up' }, { neverHears: 'not reached' }) })).toBeNull()
    const plain = [{ id: 'c', type: 'connect', option: { destinations } }, talk('t', 'goes on')]
    expect(heard(plain, { outside })).toEqual(['goes on'])
  })
})

describe('pages', () => {
  test('the call is answered by its answer step, not by its coming in [S1-15]', () => {
    const steps = [
      { id: 's', type: 'sleep', option: { duration: 2_000 } },
      { id: 'a', type: 'answer' },
      talk('t', 'Hello'),
    ]
    expect(
      failing(steps, expects({ answeredAfterMs: 2_000, give: 0 }, { hears: 'Hello' }, { ends: 'finished' })),
    ).toBeNull()
  })

  test('a call that we place runs its steps when it is answered, and not before [S1-9]', () => {
    const { transcript } = playScenario([talk('t', 'Hello')], { direction: 'outgoing', ...expects({ hears: 'Hello' }) })
    expect(transcript.map(({ words }) => words)).toEqual([
      ...['the call is answered', 't', 'finished', 'Hello', 'the call is hung up'],
    ])
  })

  test('a key during a sentence goes to the step that listens next', () => {
    const steps = [
      { id: 't', type: 'talk', option: { text: 'A long sentence that nobody waits for.', digits_handle: 'next' } },
      { id: 'k', type: 'digits_receive', option: { length: 1 } },
      talk('u', `key ${put('voipbin.call.digits')}`),
    ]
    expect(
      failing(steps, { caller: [{ keys: '4', early: true }], ...expects({ hears: 'key 4' }, { endsWithinMs: 2_000 }) }),
    ).toBeNull()
    const branch = [
      steps[0],
      { id: 'b', type: 'branch', option: { target_ids: { 4: 'end' } } },
      talk('u', 'no key'),
      END,
    ]
    expect(heard(branch, { caller: [{ keys: '4', early: true }] })).toHaveLength(1)
  })

  test('a call that was not taken up is declined, and one that was is hung up', () => {
    const last = (steps: object[]) => playScenario(steps, expects({ ends: 'hung-up' })).transcript.at(-1)?.words
    expect(last([{ type: 'hangup', option: { reason: 'busy' } }])).toBe('the call is declined: busy')
    expect(last([{ type: 'sleep', option: { duration: 5 } }, { type: 'hangup' }])).toBe('the call is declined: refused')
    expect(last([{ type: 'answer' }, { type: 'hangup' }])).toBe('the call is hung up')
  })

  test('a text of variables is cut where no carrier says more, and no address that a variable spoilt is played', () => {
    const long = [talk('t', put('long'))]
    const [words] = heard(long, { variables: { long: 'x'.repeat(30_000) } })
    expect(words?.length).toBe(4_096)
    const play = [{ id: 'p', type: 'play', option: { stream_urls: [put('url')] } }]
    expect(
      failing(play, { variables: { url: 'javascript:x' }, ...expects({ hears: 'We are sorry' }, { ends: 'failed' }) }),
    ).toBeNull()
  })

  test('the largest flow that can be saved runs', () => {
    const text = 'x'.repeat(4_000)
    const steps = Array.from({ length: 14 }, (_, n) => talk(`s${n}`, text))
    expect(JSON.stringify(steps).length).toBeGreaterThan(FLOW_BYTES_MAX * 0.9)
    expect(heard(steps)).toHaveLength(14)
  })
})

describe('verbs', () => {
  test('consent: announced, given and refused', () => {
    const steps = [
      { id: 'c', type: 'consent', option: { mode: 'ask', text: 'Press 1 to agree.', refused_target_id: 'no' } },
      talk('yes', 'agreed', { next_id: FINISH_ID }),
      talk('no', 'not recorded'),
    ]
    expect([
      heard(steps, { caller: keys('1') }).at(-1),
      heard(steps, { caller: keys('2') }).at(-1),
      heard(steps).at(-1),
    ]).toEqual([...['agreed', 'not recorded', 'not recorded']])
    const announced = [{ id: 'c', type: 'consent' }]
    expect(
      failing(announced, expects({ hears: 'may be recorded' }, { variable: 'trunkline.consent', is: 'announced' })),
    ).toBeNull()
  })

  test('a recording begins before what comes after it, and its id is a variable', () => {
    const steps = [
      { type: 'answer' },
      { type: 'record_start' },
      talk('t', `recording ${put('voipbin.recording.id')}`),
      { type: 'record_stop' },
    ]
    expect(
      failing(
        steps,
        expects({ asks: 'recording_start' }, { hears: 'recording recording-1' }, { asks: 'recording_stop' }),
      ),
    ).toBeNull()
  })

  test('a callback that is taken and one that is not', () => {
    const steps = [
      { id: 'o', type: 'callback_offer', option: { queue_id: 'q', taken_target_id: 'yes' } },
      talk('no', 'please wait', { next_id: FINISH_ID }),
      talk('yes', 'we will call you'),
    ]
    expect([heard(steps, { caller: keys('1') }).at(-1), heard(steps).at(-1)]).toEqual([
      'we will call you',
      'please wait',
    ])
  })

  test('comparisons of numbers, lengths and texts', () => {
    const holds = (value: string, option: object) =>
      heard(
        [
          { id: 'c', type: 'condition_variable', option: { variable: put('v'), false_target_id: 'end', ...option } },
          talk('t', 'holds'),
          END,
        ],
        { variables: { v: value } },
      ).length === 1
    const number = { value_type: 'number', value_number: 10 }
    expect(['9', '10', '11', 'x', ''].map(v => holds(v, { condition: '>=', ...number }))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ])
    expect(['10', 'x'].map(v => holds(v, { condition: '!=', ...number }))).toEqual([false, true])
    expect(['ab', 'abc'].map(v => holds(v, { condition: '>', value_type: 'length', value_length: 2 }))).toEqual([
      false,
      true,
    ])
    expect(['a', 'b'].map(v => holds(v, { condition: '<', value_string: 'b' }))).toEqual([true, false])
  })

  test('the result of the step before can be asked for', () => {
    const steps = [
      { id: 'c', type: 'connect', option: { destinations: [{ type: 'tel', target: '+1' }] } },
      talk('t', `it was ${put('trunkline.step.result')}`),
    ]
    expect(heard(steps, { outside: [{ verb: 'dial', end: 'no-answer' }] })).toEqual(['it was no-answer'])
  })
})
