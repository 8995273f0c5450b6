import { expect, test } from 'vitest'
import { type Due, Lanes } from './lanes.ts'

/** Draws numbers in [0, 1) from a seed. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** The same by search: of each lane that is not under way the first, and of these the one that is due for longest. */
function slowNext(waiting: Due[], busy: Set<string>, now: number | null): Due | undefined {
  const heads = new Map<string, Due>()
  for (const one of waiting.toSorted((a, b) => a.n - b.n)) if (!heads.has(one.lane)) heads.set(one.lane, one)
  return [...heads.values()]
    .filter(({ lane, dueAt }) => !busy.has(lane) && (now === null || dueAt <= now))
    .toSorted((a, b) => a.dueAt - b.dueAt || a.n - b.n)[0]
}

/** Each choice and each count of a random history, by the lanes and by search. */
function history(seed: number): { chosen: unknown[]; expected: unknown[] } {
  const random = dice(seed)
  const lanes = new Lanes()
  let waiting: Due[] = []
  const busy = new Map<string, Due>()
  const [chosen, expected]: [unknown[], unknown[]] = [[], []]
  let now = 1_000
  for (let n = 1; n <= 400; n += 1) {
    now += Math.floor(random() * 5)
    const kind = random()
    const [lane, due] = [...busy][Math.floor(random() * busy.size)] ?? []
    if (kind < 0.45) {
      const added = { n, lane: `l${Math.floor(random() * 9)}`, dueAt: 0 }
      lanes.add({ ...added })
      waiting.push(added)
    } else if (kind < 0.75) {
      const next = slowNext(waiting, new Set(busy.keys()), now)
      chosen.push(lanes.next(now)?.n)
      expected.push(next?.n)
      if (next) busy.set(next.lane, next)
    } else if (lane !== undefined && due !== undefined) {
      busy.delete(lane)
      const again = random() < 0.4 ? now + Math.floor(random() * 30) : null
      lanes.settle(due.n, lane, again)
      if (again === null) waiting = waiting.filter(one => one !== due)
      else due.dueAt = again
    }
    chosen.push([lanes.size, lanes.busy, lanes.nextDue()])
    expected.push([waiting.length, busy.size, slowNext(waiting, new Set(busy.keys()), null)?.dueAt ?? null])
  }
  return { chosen, expected }
}

test('random messages of random lanes are chosen as a search chooses them, whatever fails and whatever is under way', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const { chosen, expected } = history(seed)
    expect(chosen, `seed ${seed}`).toEqual(expected)
  }
})

test('a lane that was under way when the list was read anew waits until it is settled, whatever has become of its message', () => {
  const lanes = new Lanes([{ n: 4, lane: 'a', dueAt: 0 }], ['a'])
  expect(lanes.next(9)).toBeNull()
  lanes.settle(3, 'a', null)
  expect(lanes.next(9)).toMatchObject({ n: 4 })
})
