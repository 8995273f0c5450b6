import { expect, test } from 'vitest'
import { checkFlow } from '../../../core/flow/check.ts'
import { begun, edited, undone } from './history.ts'
import { layoutOf } from './layout.ts'
import {
  exitsOf,
  moved,
  newStep,
  paletteOf,
  renamed,
  type Step,
  stepsIn,
  withExit,
  withField,
  withoutStep,
  withStep,
} from './steps.ts'

const FLOW: Step[] = [
  {
    id: 'menu',
    type: 'menu',
    option: { text: 'Press 1.', target_ids: { 1: 'one', 2: 'two' }, default_target_id: 'two' },
  },
  { id: 'bye', type: 'hangup', option: {} },
  { id: 'one', type: 'talk', option: { text: 'One.' }, next_id: 'bye' },
  { id: 'two', type: 'talk', option: { text: 'Two.' } },
]
const wrong = (steps: Step[]) => checkFlow(steps, { call: true }).errors.map(({ message }) => message)

test('a new step has an id of its own and stands behind the chosen one', () => {
  const step = newStep('talk', [{ id: 'talk', type: 'talk', option: {} }])
  expect(step.id).toBe('talk-2')
  expect(withStep(FLOW, step, 'bye').map(one => one.id)).toEqual(['menu', 'bye', 'talk-2', 'one', 'two'])
})

test('nothing leads to a step that was removed', () => {
  const steps = withoutStep(FLOW, 'two')
  expect(steps[0]?.option).toEqual({ text: 'Press 1.', target_ids: { 1: 'one' } })
  expect(wrong(steps)).toEqual([])
  expect(withoutStep(FLOW, 'bye').find(one => one.id === 'one')).not.toHaveProperty('next_id')
})

test('a step that gets another id is still reached', () => {
  const steps = renamed(renamed(FLOW, 'two', 'second'), 'bye', 'end')
  expect(steps.map(one => one.id)).toEqual(['menu', 'end', 'one', 'second'])
  expect(wrong(steps)).toEqual([])
})

test('the ways out of a step are those of its verb', () => {
  expect(exitsOf(FLOW, 0)).toEqual([
    { key: 'target_ids.1', label: '1', to: 'one', implied: false },
    { key: 'target_ids.2', label: '2', to: 'two', implied: false },
    { key: 'default_target_id', label: 'default', to: 'two', implied: false },
    { key: 'next_id', label: 'next', to: 'bye', implied: true },
  ])
  expect(exitsOf(FLOW, 1)).toEqual([])
  expect(exitsOf(FLOW, 2)).toEqual([{ key: 'next_id', label: 'next', to: 'bye', implied: false }])
  expect(exitsOf(FLOW, 3)).toEqual([{ key: 'next_id', label: 'next', to: null, implied: true }])
})

test('a way out is led elsewhere, and taken away', () => {
  const [menu] = FLOW as [Step]
  expect(withExit(menu, 'target_ids.1', 'two').option.target_ids).toEqual({ 1: 'two', 2: 'two' })
  expect(withExit(menu, 'target_ids.1', null).option.target_ids).toEqual({ 2: 'two' })
  expect(withExit(menu, 'default_target_id', null).option).not.toHaveProperty('default_target_id')
  expect(withExit(menu, 'next_id', 'two').next_id).toBe('two')
  expect(withField(menu, 'text', undefined).option).not.toHaveProperty('text')
})

test('a step moves one place and not out of the list', () => {
  expect(moved(FLOW, 'bye', 1).map(one => one.id)).toEqual(['menu', 'one', 'bye', 'two'])
  expect(moved(FLOW, 'menu', -1)).toEqual(FLOW)
})

test('the palette has no verb that a flow cannot have', () => {
  const names = paletteOf().flatMap(([, verbs]) => verbs)
  expect(names).toContain('menu')
  for (const odd of ['echo', 'hold_music', 'condition_datetime', 'ai_task']) expect(names).not.toContain(odd)
})

test('steps stand in columns, and none on another', () => {
  const places = layoutOf([...FLOW, { id: 'lost', type: 'talk', option: {} }])
  expect(places.map(({ x }) => x)).toEqual([0, 320, 320, 320, 640])
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(places.length)
})

test('what the API gives is read, and an option that is none is empty', () => {
  expect(stepsIn([{ id: 'a', type: 'answer', next_id: '' }])).toEqual([{ id: 'a', type: 'answer', option: {} }])
})

test('undo takes back one edit, and typing in one field is one', () => {
  const typed = ['a', 'ab', 'abc'].reduce((history, text) => edited(history, text, 'name'), begun(''))
  const both = edited(typed, 'else', null)
  expect(undone(both).now).toBe('abc')
  expect(undone(undone(both)).now).toBe('')
  expect(undone(begun('x')).now).toBe('x')
})
