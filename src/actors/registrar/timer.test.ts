import { expect, test, vi } from 'vitest'
import { Timer } from './timer.ts'

/** What the platform keeps of an alarm. */
function storage(armed: number | null) {
  const set: number[] = []
  const kept = {
    getAlarm: async () => set.at(-1) ?? armed,
    setAlarm: async (at: number) => void set.push(at),
  }
  return { set, timer: new Timer(kept as unknown as DurableObjectStorage) }
}

test('an alarm that is due is not moved, by a deadline that is due as well or by one that is later', async () => {
  const { set, timer } = storage(Date.now() - 10)
  await timer.wakeBy(Date.now() - 1_000)
  await timer.wakeBy(Date.now() + 60_000)
  expect(set).toEqual([])
})

test('it is only moved earlier, and set anew after it has rung', async () => {
  const { set, timer } = storage(null)
  const later = Date.now() + 60_000
  await timer.wakeBy(later)
  await timer.wakeBy(later + 1)
  await timer.wakeBy(later - 1_000)
  expect(set).toEqual([later, later - 1_000])
  timer.rang()
  await timer.wakeBy(later - 2_000)
  expect(set.at(-1)).toBe(later - 2_000)
})

test('what has failed is tried again, and a deadline before that brings it forward', async () => {
  const { set, timer } = storage(null)
  const before = Date.now()
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  await timer.repair()
  expect(said).toHaveBeenCalledTimes(1)
  said.mockRestore()
  expect((set[0] ?? 0) - before).toBeGreaterThan(1_000)
  await timer.wakeBy(before + 1_000)
  expect(set).toHaveLength(2)
})
