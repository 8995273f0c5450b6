import { expect, test } from 'vitest'
import { forEach } from './each.ts'

test('a failure keeps none of the others from being done, and is thrown at the end', async () => {
  const done: number[] = []
  const work = forEach([1, 2, 3, 4, 5], 2, async n => {
    if (n < 3) throw new Error(`no ${n}`)
    done.push(n)
  })
  await expect(work).rejects.toThrow('no 1')
  expect(done).toEqual([3, 4, 5])
})

test('no more are at work than may be, and each is done once', async () => {
  let running = 0
  let most = 0
  const done: number[] = []
  await forEach([1, 2, 3, 4, 5, 6, 7], 3, async n => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    done.push(n)
  })
  expect(most).toBe(3)
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
})
