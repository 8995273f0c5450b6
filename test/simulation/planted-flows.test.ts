import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { catchPlantedFlow, PLANTED_FLOWS } from '../exhaustive/flow-planted.ts'
import { TREE } from './pool.ts'

describe('the exploration of small flows catches', () => {
  test.each(PLANTED_FLOWS)('$name', { timeout: 120_000 }, async bug => {
    const { law } = await catchPlantedFlow(bug)
    expect(law).not.toBeNull()
  })
})

test('the place of every planted bug of a flow is there once', () => {
  const lost = PLANTED_FLOWS.filter(
    ({ file, find }) => readFileSync(path.join(TREE, file), 'utf8').split(find).length !== 2,
  )
  expect(lost.map(({ name }) => name)).toEqual([])
})

test('a bug without a place is not planted', async () => {
  const [bug] = PLANTED_FLOWS
  await expect(
    catchPlantedFlow({ name: '', file: bug?.file ?? '', find: 'no such text', replace: '' }),
  ).rejects.toThrow('0 times')
})
