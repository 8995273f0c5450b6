/** Tests the shell alone on the disk of a real object: its debts survive in order, and its memory equals its disk. */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { LOG_DELAY_MS } from '../../src/actors/feeds.ts'
import { DEAD_MAN_MS, SHARED_MS } from '../../src/actors/shell/alarm.ts'
import { PAGE_GUARD_MS, Retry } from '../../src/actors/shell/outbox.ts'
import { OutboxStore } from '../../src/actors/shell/outbox-store.ts'
import { platformOf } from '../../src/actors/shell/platform.ts'
import { POLICIES } from '../../src/actors/shell/policies.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import {
  type GivenUpFact,
  type GivenUpInput,
  givenUp,
  type Machine,
  type Once,
  once,
  type Repeat,
  tell,
} from '../../src/core/machine.ts'
import { logging } from './logging.ts'
import { bindings } from './stage.ts'

type Input = { type: 'asked'; at: number; lane: string; name: string } | { type: 'broken'; at: number }
type Fact = { type: 'owed'; at: number; lane: string; name: string }
type Effect = Repeat<'neighbour', { type: 'pay'; lane: string; name: string }>
type Book = Shell<{ names: string[] }, Input, Fact, Effect>

const FAR_MS = 3_600_000

const machine: Machine<{ names: string[] }, Input, Fact, Effect> = {
  name: 'book',
  version: 1,
  initial: { names: [] },
  decide(_state, input) {
    if (input.type === 'broken') throw new Error('a bad input')
    return [{ type: 'owed', at: input.at, lane: input.lane, name: input.name }]
  },
  evolve: (state, fact) => ({ names: [...state.names, fact.name] }),
  react: fact => [tell({ type: 'pay', lane: fact.lane, name: fact.name })],
  deadline: () => null,
}
const laneOf = (effect: Effect) => effect.lane

/** A shell that has just woken on this disk; those in `shut` cannot be paid for an hour. */
function woken(ctx: DurableObjectState, paid: string[], shut: string[], rules: Partial<typeof machine> = {}): Book {
  return new Shell(platformOf(ctx), {
    machine: { ...machine, ...rules },
    laneOf,
    performer: {
      async perform({ name }) {
        if (shut.includes(name)) throw new Retry('shut', FAR_MS)
        paid.push(name)
        return []
      },
    },
  })
}

function ask(shell: Book, lane: string, name: string): void {
  shell.commit({ type: 'asked', at: Date.now(), lane, name })
}

/** Runs `body` in an object that nothing else calls. */
function onDisk(id: string, body: (ctx: DurableObjectState) => Promise<void>): Promise<void> {
  return runInDurableObject(bindings.ROOM.getByName(`w_test.${id}.1`) as unknown as DurableObjectStub, (_, ctx) =>
    body(ctx),
  )
}

/** Expects that the shell's memory of its debts and feeds equals what a shell that has just woken reads from the disk. */
function expectTrue(shell: Book): void {
  const fresh = new OutboxStore<Effect>(shell.journal.sql, laneOf)
  const all = Number.MAX_SAFE_INTEGER
  expect(shell.journal.owed.dueDebts(all, 100)).toEqual(fresh.dueDebts(all, 100))
  expect(shell.journal.owed.feedsBehind(all)).toEqual(fresh.feedsBehind(all))
  const [row] = shell.journal.sql.exec('SELECT MAX(seq) AS seq FROM facts').toArray()
  expect(shell.journal.seq).toBe(Number(row?.seq ?? 0))
}

test('a debt that is put off holds back what is owed after it in its lane, also after the memory is lost', () =>
  onDisk('putoff', async ctx => {
    const paid: string[] = []
    const first = woken(ctx, paid, ['one'])
    ask(first, 'a', 'one')
    ask(first, 'a', 'two')
    ask(first, 'b', 'beside')
    await first.outbox.drain()
    expect(paid).toEqual(['beside'])
    ask(first, 'a', 'three')
    await first.outbox.drain()
    expect(paid).toEqual(['beside'])

    const second = woken(ctx, paid, [])
    ask(second, 'a', 'four')
    ask(second, 'b', 'beside-again')
    await second.outbox.drain()
    expect(paid).toEqual(['beside', 'beside-again'])
    expect(second.outbox.nextDue()).toBeGreaterThan(Date.now() + FAR_MS / 2)
    expectTrue(second)

    // The hour is over.
    ctx.storage.sql.exec('UPDATE outbox SET due = 0')
    const third = woken(ctx, paid, [])
    await third.outbox.drain()
    expect(paid).toEqual(['beside', 'beside-again', 'one', 'two', 'three', 'four'])
    expect(third.outbox.nextDue()).toBeNull()
    expectTrue(third)
  }))

test('a rolled back transaction leaves nothing owed that is not on the disk', () =>
  onDisk('rolledback', async ctx => {
    const paid: string[] = []
    const shell = woken(ctx, paid, ['one'])
    ask(shell, 'a', 'one')
    await shell.outbox.drain()
    const before = shell.journal.owed.dueDebts(Number.MAX_SAFE_INTEGER, 100)
    expect(before.map(debt => debt.attempts)).toEqual([1])

    expect(() =>
      shell.journal.transact(() => {
        shell.outbox.addFeed('never')
        shell.journal.apply({ type: 'asked', at: Date.now(), lane: 'b', name: 'never' })
        throw new Error('the rows of the actor could not be written')
      }),
    ).toThrow('the rows of the actor')
    expect(shell.journal.owed.dueDebts(Number.MAX_SAFE_INTEGER, 100)).toEqual(before)
    expect(shell.state.names).toEqual(['one'])
    expectTrue(shell)

    const at = Date.now()
    const inputs: Input[] = [
      { type: 'asked', at, lane: 'b', name: 'kept' },
      { type: 'broken', at },
    ]
    await logging('error', 'input quarantined', async () => {
      shell.journal.commitAll(inputs.map((input, index) => ({ input, inputId: `id-${index}` })))
    })
    await shell.outbox.drain()
    expect(paid).toEqual(['kept'])
    expect(shell.state.names).toEqual(['one', 'kept'])
    expect(shell.journal.factsAfter(0, 10).map(({ seq, fact }) => [seq, fact.name ?? fact.type])).toEqual([
      [1, 'one'],
      [2, 'kept'],
      [3, 'input-refused'],
    ])
    expectTrue(shell)
  }))

test('one bad fact on a page of a feed costs no other fact', () =>
  onDisk('badpage', async ctx => {
    const shell = woken(ctx, [], ['one', 'three'])
    const page = ['one', 'broken', 'three'].map((fact, index) => ({ seq: index + 1, at: Date.now(), fact }))
    const toInput = (names: string[]): Input => {
      if (names.includes('broken')) throw new Error('a fact that nobody understands')
      return { type: 'asked', at: Date.now(), lane: 'a', name: names.join(' and ') }
    }
    await logging('error', 'input quarantined', async () => shell.hear('r_other', page, toInput))
    expect(shell.state.names).toEqual(['one', 'three'])
    // The page comes again, because its answer was lost.
    shell.hear('r_other', page.slice(2), toInput)
    shell.hear('r_other', [{ seq: 4, fact: 'four' }], toInput)
    expect(shell.state.names).toEqual(['one', 'three', 'four'])
    expect(Number(ctx.storage.sql.exec('SELECT COUNT(*) AS n FROM quarantine').toArray()[0]?.n)).toBe(1)
  }))

test('a handler that throws leaves an alarm behind, and one that ends well none that nobody needs', () =>
  onDisk('alarm', async ctx => {
    const strike = (at: number): Input => ({ type: 'asked', at, lane: 'a', name: 'struck' })
    let impossible = false
    const broken = woken(ctx, [], [], {
      deadline: () => {
        if (impossible) throw new Error('impossible state')
        return null
      },
    })
    // By now the constructor has looked for due work.
    await ctx.blockConcurrencyWhile(() => ctx.storage.deleteAlarm())
    impossible = true
    const before = Date.now()
    await logging('error', 'alarm failed', () => expect(broken.wake(strike)).resolves.toBeUndefined())
    expect(await ctx.storage.getAlarm()).toBeGreaterThanOrEqual(before + DEAD_MAN_MS)

    const paid: string[] = []
    const whole = woken(ctx, paid, [], { deadline: state => (state.names.length === 0 ? before : null) })
    await whole.wake(strike)
    expect(paid).toEqual(['struck'])
    expect(await ctx.storage.getAlarm()).toBeNull()
  }))

test('what is committed while the handler runs is in the alarm that it leaves', () =>
  onDisk('during', async ctx => {
    // A fixed time: one that moves with the clock may lie a millisecond after the one at which the handler looks.
    const already = Date.now()
    const shell = woken(ctx, [], ['late'], { deadline: state => (state.names.length === 0 ? already : null) })
    await shell.wake(at => ({ type: 'asked', at, lane: 'a', name: 'late' }))
    // This is read before any await, because the debt may meanwhile be tried again and paid.
    const due = shell.outbox.nextDue()
    expect(await ctx.storage.getAlarm()).toBe(due)
  }))

type OnceEffect = Once<'carrier', { type: 'record'; lane: string; name: string }>
const onceMachine: Machine<{ names: string[] }, Input | GivenUpInput, Fact | GivenUpFact, OnceEffect> = {
  ...machine,
  decide(_state, input) {
    if (input.type === 'delivery.given-up') return [givenUp(input)]
    return input.type === 'asked' ? [{ type: 'owed', at: input.at, lane: input.lane, name: input.name }] : []
  },
  evolve: (state, fact) => (fact.type === 'owed' ? { names: [...state.names, fact.name] } : state),
  react: fact => (fact.type === 'owed' ? [once('carrier', { type: 'record', lane: fact.lane, name: fact.name })] : []),
}

/** Logs `begun` when an effect is performed, and `unknown` when its outcome was not seen. */
function onceShell(ctx: DurableObjectState, log: string[], perform: (name: string) => Promise<void>) {
  return new Shell<{ names: string[] }, Input | GivenUpInput, Fact | GivenUpFact, OnceEffect>(platformOf(ctx), {
    machine: onceMachine,
    laneOf: effect => effect.lane,
    performer: {
      async perform({ name }) {
        log.push(`begun ${name}`)
        await perform(name)
        return []
      },
      outcomeUnknown: ({ name }) => {
        log.push(`unknown ${name}`)
        return []
      },
    },
  })
}

test('an effect that must happen once: an error leaves its outcome unknown, only a certain "not done" is tried again', () =>
  onDisk('once', async ctx => {
    const log: string[] = []
    const shell = onceShell(ctx, log, async name => {
      if (name === 'lost') throw new Error('the answer was lost')
      if (name === 'busy' && log.filter(line => line === 'begun busy').length === 1) throw new Retry('busy', 0)
    })
    shell.commit({ type: 'asked', at: Date.now(), lane: 'a', name: 'lost' })
    shell.commit({ type: 'asked', at: Date.now(), lane: 'b', name: 'busy' })
    await shell.outbox.drain()
    expect(log.toSorted()).toEqual(['begun busy', 'begun busy', 'begun lost', 'unknown lost'])
    expect(shell.outbox.nextDue()).toBeNull()

    // The object died between performing and settling: the row stands there as begun.
    shell.commit({ type: 'asked', at: Date.now(), lane: 'c', name: 'died' })
    ctx.storage.sql.exec('UPDATE outbox SET started = 1')
    const log2: string[] = []
    const woken = onceShell(ctx, log2, async () => undefined)
    await woken.outbox.drain()
    expect(log2).toEqual(['unknown died'])
  }))

test('a delivery is given up after the time of its policy: a fact says so, and its lane goes on', () =>
  onDisk('givenup', async ctx => {
    const log: string[] = []
    const shell = onceShell(ctx, log, async name => {
      if (name === 'dead') throw new Retry('down')
    })
    const at = Date.now()
    shell.commit({ type: 'asked', at, lane: 'a', name: 'dead' })
    shell.commit({ type: 'asked', at, lane: 'a', name: 'behind' })
    await shell.outbox.drain()
    expect(log).toEqual(['begun dead'])

    ctx.storage.sql.exec('UPDATE outbox SET due = 0, since = ?', at - POLICIES.carrier.giveUpAfterMs)
    const woken = onceShell(ctx, log, async name => {
      if (name === 'dead') throw new Retry('down')
    })
    await logging('error', 'a delivery was given up', () => woken.outbox.drain())
    expect(log).toEqual(['begun dead', 'begun dead', 'begun behind'])
    expect(woken.journal.factsAfter(0, 10).at(-1)?.fact).toMatchObject({ type: 'delivery-given-up', effect: 'record' })
    expect(woken.outbox.nextDue()).toBeNull()
  }))

test('a feed with a delay waits from the first unread fact on, so that a burst travels in one page', () =>
  onDisk('burst', async ctx => {
    const pages: string[][] = []
    const shell = feeding(ctx, pages)
    shell.outbox.addFeed('log')
    const start = Date.now()
    const say = (name: string, at: number) => shell.commit({ type: 'asked', at, lane: 'a', name })
    say('one', start)
    say('two', start)
    await shell.outbox.drain()
    expect(pages).toEqual([])
    // The alarm stands at the time at which the first of them has waited.
    expect(shell.outbox.nextDue()).toBe(start + 60_000)
    expect(await ctx.storage.getAlarm()).toBe(start + 60_000)
    // A minute later.
    ctx.storage.sql.exec('UPDATE facts SET at = at - 60000')
    await feeding(ctx, pages).outbox.drain()
    expect(pages).toEqual([['one', 'two']])
  }))

test('a page that waits a moment comes without an alarm, which is only its guard', () =>
  onDisk('moment', async ctx => {
    const pages: string[][] = []
    const delayMs = 300
    const [start, quiet] = [Date.now(), { react: () => [] }]
    const shell = feeding(ctx, pages, delayMs, quiet)
    shell.outbox.addFeed('log')
    const say = (name: string) => shell.commit({ type: 'asked', at: start, lane: 'a', name })
    say('one')
    expect(await ctx.storage.getAlarm()).toBe(start + delayMs + PAGE_GUARD_MS)
    say('two')
    await vi.waitFor(() => expect(pages).toEqual([['one', 'two']]))
    await vi.waitFor(async () => expect(await ctx.storage.getAlarm()).toBeNull())
  }))

/** Every change of the alarm is a write, so they are counted. */
async function alarmWrites(ctx: DurableObjectState, body: (ctx: DurableObjectState) => Promise<void>): Promise<number> {
  const set = vi.spyOn(ctx.storage, 'setAlarm')
  const deleted = vi.spyOn(ctx.storage, 'deleteAlarm')
  try {
    await body(ctx)
    return set.mock.calls.length + deleted.mock.calls.length
  } finally {
    set.mockRestore()
    deleted.mockRestore()
  }
}

test('an object at work sets one alarm for many commits, and one at rest has none', () =>
  onDisk('shared', async ctx => {
    const pages: string[][] = []
    const [start, delayMs] = [Date.now(), LOG_DELAY_MS]
    let own: number | null = start + FAR_MS
    const shell = feeding(ctx, pages, delayMs, { react: () => [], deadline: () => own })
    shell.outbox.addFeed('log')
    const say = async (name: string) => {
      shell.commit({ type: 'asked', at: Date.now(), lane: 'a', name })
      await vi.waitFor(() => expect(pages.at(-1)).toEqual([name]), 5_000)
    }
    const writes = await alarmWrites(ctx, async () => {
      for (const name of ['one', 'two']) await say(name)
    })
    expect(writes).toBe(1)
    expect(await ctx.storage.getAlarm()).toBeGreaterThan(start + SHARED_MS)
    own = null
    await say('last')
    await vi.waitFor(async () => expect(await ctx.storage.getAlarm()).toBeNull())
  }))

test('a debt that is paid while a page waits changes the alarm once, after the page', () =>
  onDisk('paid', async ctx => {
    const pages: string[][] = []
    const shell = feeding(ctx, pages, 100)
    shell.outbox.addFeed('log')
    const writes = await alarmWrites(ctx, async () => {
      shell.commit({ type: 'asked', at: Date.now(), lane: 'a', name: 'one' })
      await vi.waitFor(() => expect(pages).toEqual([['one']]))
      await vi.waitFor(async () => expect(await ctx.storage.getAlarm()).toBeNull())
    })
    // It was set with the commit, and deleted.
    expect(writes).toBe(2)
  }))

/** A shell that has just woken on this disk, with the feed of the tests above. */
function feeding(
  ctx: DurableObjectState,
  pages: string[][],
  delayMs = 60_000,
  rules: Partial<typeof machine> = {},
): Book {
  return new Shell(platformOf(ctx), {
    machine: { ...machine, ...rules },
    laneOf,
    performer: { perform: async () => [] },
    feedOf: name => ({
      name,
      delayMs,
      async deliver(facts) {
        pages.push(facts.map(({ fact }) => fact.name))
      },
    }),
  })
}
