import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plantAndRun } from './plant.ts'
import { PLANTED } from './planted.ts'
import { TREE } from './pool.ts'

/** The rare ones need more schedules than a test has time for; `npm run prove` runs them all. */
const SCHEDULES = 20_000

describe('the net catches', () => {
  for (const bug of PLANTED.filter(one => !one.rare))
    test(bug.name, { timeout: 120_000 }, async () => {
      const { law } = await plantAndRun(bug, SCHEDULES)
      expect(law).not.toBeNull()
    })
})

test('a planted bug has its place exactly once', async () => {
  const [bug] = PLANTED
  if (!bug) throw new Error('no bug is planted')
  await expect(plantAndRun({ ...bug, find: 'no such text' }, 1)).rejects.toThrow('stands 0 times')
})

test('the place of every bug is there once, also of those that only the long proof tries', () => {
  const lost = PLANTED.filter(({ file, find }) => readFileSync(join(TREE, file), 'utf8').split(find).length !== 2)
  expect(lost.map(bug => bug.name)).toEqual([])
})
