/** Tables: an object of the first release is brought to the same shape as a newborn one, and what grows is swept. */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { BILLING_SCHEMA } from '../../src/actors/billing/tables.ts'
import { CAMPAIGN_SCHEMA } from '../../src/actors/campaign/tables.ts'
import { LOG_SCHEMA } from '../../src/actors/log/tables.ts'
import { ROOM_SCHEMA } from '../../src/actors/room/tables.ts'
import { platformOf } from '../../src/actors/shell/platform.ts'
import { QUARANTINE_KEPT } from '../../src/actors/shell/retention.ts'
import { migrate, type Schema } from '../../src/actors/shell/schema.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import { SHELL_SCHEMA } from '../../src/actors/shell/tables.ts'
import { stubFor } from '../../src/actors/stubs.ts'
import { DoNotCallList } from '../../src/actors/trunk/do-not-call-list.ts'
import { TRUNK_SCHEMA } from '../../src/actors/trunk/tables.ts'
import type { Machine } from '../../src/core/machine.ts'
import { bindings } from './stage.ts'

/** The tables of 0.1.0, as that release made them. */
const FIRST = {
  shell: `
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE facts (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, personal TEXT);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL, type TEXT NOT NULL, lane TEXT NOT NULL,
  body TEXT NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, started INTEGER NOT NULL DEFAULT 0);
CREATE TABLE feeds (name TEXT PRIMARY KEY, cursor INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE seen (input_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;`,
  campaign: `
CREATE TABLE contacts (contact_id TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, company TEXT NOT NULL, number TEXT NOT NULL,
  number_shown TEXT NOT NULL, time_zone TEXT, status TEXT NOT NULL DEFAULT 'active', attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL DEFAULT 0,
  last_attempt INTEGER, last_note TEXT NOT NULL DEFAULT '', result TEXT);
CREATE INDEX contacts_due ON contacts (status, due_at, position);
CREATE TABLE ai_consents (contact_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rounds (batch_id TEXT PRIMARY KEY, body TEXT NOT NULL);`,
  trunk: `
CREATE TABLE slots (call_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX slots_at ON slots (at);
CREATE TABLE numbers (number TEXT PRIMARY KEY, name TEXT NOT NULL, status TEXT NOT NULL, desk_id TEXT, cooldown_until INTEGER NOT NULL DEFAULT 0,
  in_flight INTEGER NOT NULL DEFAULT 0, in_flight_cap INTEGER NOT NULL DEFAULT 4, cooldown_ms INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER NOT NULL DEFAULT 0, usage_count INTEGER NOT NULL DEFAULT 0, attempted INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE leases (ask_id TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE freed (call_id TEXT PRIMARY KEY) WITHOUT ROWID;`,
  log: `
CREATE TABLE heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE calls (call_id TEXT PRIMARY KEY, direction TEXT NOT NULL DEFAULT 'outbound', kind TEXT NOT NULL DEFAULT 'campaign',
  status TEXT NOT NULL DEFAULT 'dialing', provider_status TEXT, provider_id TEXT, hangup_reason TEXT, contact_id TEXT, name TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '', dial_from TEXT NOT NULL DEFAULT '', agent_name TEXT, campaign_id TEXT, answered_by TEXT, result TEXT, outcome TEXT,
  note TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER, ended_ms INTEGER, talked_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX calls_new ON calls (created_ms DESC, call_id DESC);
CREATE INDEX calls_provider ON calls (provider_id);
CREATE TABLE timeline (source TEXT NOT NULL, seq INTEGER NOT NULL, call_id TEXT NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL,
  data TEXT NOT NULL, PRIMARY KEY (source, seq)) WITHOUT ROWID;
CREATE INDEX timeline_call ON timeline (call_id, at);`,
}

function columnsOf(sql: SqlStorage): string[] {
  const rows = sql.exec(
    `SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || COALESCE(c.dflt_value, '-') AS line
     FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE '\\_cf%' ESCAPE '\\'`,
  )
  return rows
    .toArray()
    .map(row => String(row.line))
    .sort()
}

/** The columns of an emptied object after `prepare` and today's migration. */
function migrated(id: string, owners: Record<string, Schema>, first: string): Promise<string[]> {
  const stub = bindings.ROOM.getByName(`w_test.d_${id}.1`) as unknown as DurableObjectStub
  return runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.deleteAll()
    ctx.storage.sql.exec(first || 'SELECT 1')
    migrate(ctx.storage, owners)
    // A second time changes nothing.
    migrate(ctx.storage, owners)
    return columnsOf(ctx.storage.sql)
  })
}

test.each([
  ['shell', { shell: SHELL_SCHEMA }, FIRST.shell],
  ['room', { shell: SHELL_SCHEMA, actor: ROOM_SCHEMA }, FIRST.shell],
  ['campaign', { shell: SHELL_SCHEMA, actor: CAMPAIGN_SCHEMA }, FIRST.shell + FIRST.campaign],
  ['trunk', { actor: TRUNK_SCHEMA }, FIRST.trunk],
  ['log', { actor: LOG_SCHEMA }, FIRST.log],
] as [string, Record<string, Schema>, string][])('%s: migrated and newborn are alike', async (name, owners, first) => {
  expect(await migrated(`old${name}`, owners, first)).toEqual(await migrated(`new${name}`, owners, ''))
})

test('rows of the first release get the agent whose desk the call had, and nobody where no desk is known [D1]', async () => {
  const stub = bindings.ROOM.getByName('w_test.d_oldagents.1') as unknown as DurableObjectStub
  const rows = await runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.deleteAll()
    const { sql } = ctx.storage
    sql.exec(FIRST.log)
    const created = (deskId: string | null) => JSON.stringify({ links: { deskId, agentName: 'Maria' } })
    const taken = (answer: string, deskId: string) => JSON.stringify({ answer, deskId })
    for (const [callId, ...lines] of [
      ['by-desk', ['call-created', created('w_test.d_ada')]],
      ['by-name', ['call-created', created(null)]],
      ['taken', ['call-created', created(null)], ['talk-transfer-answered', taken('accepted', 'w_test.d_bo')]],
      [
        'declined',
        ['call-created', created('w_test.d_ada')],
        ['talk-transfer-answered', taken('declined', 'w_test.d_bo')],
      ],
      ['by-ai', ['call-created', created('w_test.ai_7.s1')]],
    ] as [string, ...[string, string][]][]) {
      sql.exec("INSERT INTO calls (call_id, agent_name) VALUES (?, 'Maria')", callId)
      for (const [seq, [type, data]] of lines.entries())
        sql.exec('INSERT INTO timeline VALUES (?, ?, ?, ?, ?, ?)', callId, seq, callId, seq, type, data)
    }
    migrate(ctx.storage, { actor: LOG_SCHEMA })
    return sql.exec('SELECT call_id, agent_id FROM calls ORDER BY call_id').toArray()
  })
  expect(rows.map(row => [row.call_id, row.agent_id])).toEqual([
    ['by-ai', null],
    ['by-desk', 'ada'],
    ['by-name', null],
    ['declined', 'ada'],
    ['taken', 'bo'],
  ])
})

test('a ledger of before has the prices that it waits for under the id of their leg', async () => {
  const stub = bindings.ROOM.getByName('w_test.d_oldledger.1') as unknown as DurableObjectStub
  const before = { ...BILLING_SCHEMA, migrations: BILLING_SCHEMA.migrations.slice(0, 2) }
  const [old, newborn] = await runInDurableObject(stub, async (_, { storage }) => {
    await storage.deleteAll()
    migrate(storage, { actor: before })
    storage.sql.exec(`DROP TABLE carrier_prices;
      CREATE TABLE carrier_prices (call_id TEXT PRIMARY KEY, provider_id TEXT NOT NULL, looks INTEGER NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX carrier_prices_due ON carrier_prices (due);
      INSERT INTO carrier_prices VALUES ('w_test.call_1', 'CA1', 2, 30);`)
    migrate(storage, { actor: BILLING_SCHEMA })
    expect(storage.sql.exec('SELECT provider_id, call_id, looks, due FROM carrier_prices').toArray()).toEqual([
      { provider_id: 'CA1', call_id: 'w_test.call_1', looks: 2, due: 30 },
    ])
    const columns = columnsOf(storage.sql)
    await storage.deleteAll()
    migrate(storage, { actor: BILLING_SCHEMA })
    return [columns, columnsOf(storage.sql)]
  })
  expect(old).toEqual(newborn)
})

test('debts of the first release keep their delivery: a create that was begun is not sent again', async () => {
  const stub = bindings.ROOM.getByName('w_test.d_olddebts.1') as unknown as DurableObjectStub
  const rows = await runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.deleteAll()
    ctx.storage.sql.exec(FIRST.shell)
    for (const [id, type] of ['create-call', 'tell-batch', 'whisper'].entries())
      ctx.storage.sql.exec(
        "INSERT INTO outbox (id, key, type, lane, body, due) VALUES (?, 'k', ?, 'l', '{}', 7)",
        id,
        type,
      )
    migrate(ctx.storage, { shell: SHELL_SCHEMA })
    return ctx.storage.sql.exec('SELECT type, delivery, policy, since FROM outbox ORDER BY id').toArray()
  })
  expect(rows).toEqual([
    { type: 'create-call', delivery: 'once', policy: 'carrier', since: 7 },
    { type: 'tell-batch', delivery: 'repeat', policy: 'neighbour', since: 7 },
    { type: 'whisper', delivery: 'once', policy: 'carrier', since: 7 },
  ])
})

test('the do-not-call list of 0.2 keeps every entry, and from then on a number may have several [C1]', async () => {
  const stub = bindings.ROOM.getByName('w_test.d_oldlist.1') as unknown as DurableObjectStub
  const found = await runInDurableObject(stub, async (_, ctx) => {
    await ctx.storage.deleteAll()
    const { sql } = ctx.storage
    sql.exec(FIRST.trunk)
    const before = TRUNK_SCHEMA.migrations.slice(0, 3)
    migrate(ctx.storage, { actor: { ...TRUNK_SCHEMA, migrations: before } })
    for (const [number, scope, area, source] of [
      ['+14155550101', '', 0, 'import:old'],
      ['+14155550102', 'w_test.c_1', 0, 'by hand'],
      ['+1212', '', 1, 'by hand'],
    ] as const)
      sql.exec("INSERT INTO listed VALUES (?, ?, ?, 7, ?, 'Sam', 'note')", number, scope, area, source)
    migrate(ctx.storage, { actor: TRUNK_SCHEMA })
    const list = new DoNotCallList(sql)
    const entry = { campaignId: null, area: false, by: 'Ada', note: '' }
    const added = list.add([{ ...entry, number: '+14155550101', source: 'asked an AI agent' }], 9)
    list.removeSource('import:old', 'Sam', 'the wrong file', 10)
    return {
      added,
      entries: sql.exec('SELECT number, source, since FROM listed ORDER BY number').toArray(),
      verdicts: [
        list.entryFor('+14155550101', null),
        list.entryFor('+14155550102', null),
        list.entryFor('+14155550102', 'w_test.c_1'),
        list.entryFor('+12125550199', null),
      ],
      indexes: sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'listed' ORDER BY name")
        .toArray()
        .map(row => row.name),
    }
  })
  expect(found).toEqual({
    added: 0,
    entries: [
      { number: '+1212', source: 'by hand', since: 7 },
      { number: '+14155550101', source: 'asked an AI agent', since: 9 },
      { number: '+14155550102', source: 'by hand', since: 7 },
    ],
    verdicts: [
      { scope: 'workspace', area: null, sinceMs: 9 },
      null,
      { scope: 'campaign', area: null, sinceMs: 7 },
      { scope: 'workspace', area: '+1212', sinceMs: 7 },
    ],
    indexes: ['listed_areas', 'listed_source'],
  })
})

type Input = { type: 'asked'; at: number } | { type: 'broken'; at: number; personal: string }
type Fact = { type: 'done'; at: number }
const counter: Machine<{ n: number }, Input, Fact, never> = {
  name: 'counter',
  version: 1,
  initial: { n: 0 },
  decide: (_state, input) => {
    if (input.type === 'broken') throw new Error('a bad input')
    return [{ type: 'done', at: input.at }]
  },
  evolve: state => ({ n: state.n + 1 }),
  react: () => [],
  deadline: () => null,
}
const DAY_MS = 24 * 3_600_000

test('10,000 calls through one object: what guards against repeats is swept, the history stays', async () => {
  const stub = bindings.ROOM.getByName('w_test.d_tenthousand.1') as unknown as DurableObjectStub
  await runInDurableObject(stub, async (_, ctx) => {
    const shell = new Shell(platformOf(ctx), {
      machine: counter,
      laneOf: () => 'a',
      performer: { perform: async () => [] },
    })
    // 500 calls a day for twenty days.
    const start = Date.now() - 20 * DAY_MS
    for (let n = 0; n < 10_000; n += 1)
      shell.commit({ type: 'asked', at: start + Math.floor((n * DAY_MS) / 500) }, `call-${n}`)
    const { sql } = ctx.storage
    const count = (table: string) => Number(sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).toArray()[0]?.n)
    expect(count('seen')).toBeLessThanOrEqual(7 * 500 + 256)
    expect(count('seen')).toBeGreaterThanOrEqual(7 * 500)
    expect(shell.state.n).toBe(10_000)
    // A repeat within the week still changes nothing.
    expect(shell.commit({ type: 'asked', at: Date.now() }, 'call-9999')).toBeNull()

    for (let n = 0; n < QUARANTINE_KEPT + 20; n += 1)
      shell.commit({ type: 'broken', at: n, personal: '+14155551234 Amara Osei' })
    expect(count('quarantine')).toBe(QUARANTINE_KEPT)
    const [kept] = sql.exec('SELECT input FROM quarantine LIMIT 1').toArray()
    expect(String(kept?.input)).not.toMatch(/4155551234|Amara/)
  })
})

test('a trunk forgets answers that nobody can ask for again', async () => {
  const id = 'w_sweep'
  const trunk = stubFor(bindings, 'trunk', id)
  await trunk.saveNumber({ number: '+14155550001', name: '', deskId: null, inFlightCap: 20_000, cooldownMs: 0 })
  for (let n = 0; n < 50; n += 1) {
    await trunk.leaseNumbers(`batch-${n}`, 1)
    await trunk.freeNumber('+14155550001', `leg-${n}`, true)
    await trunk.callFor(`CA-${n}`)
  }
  const object = bindings.TRUNK.getByName(id) as unknown as DurableObjectStub
  await runInDurableObject(object, (_, ctx) => {
    for (const table of ['leases', 'freed', 'calls'])
      ctx.storage.sql.exec(`UPDATE ${table} SET at = at - ?`, 31 * DAY_MS)
  })
  // After an eviction the object sweeps at its first request.
  const { evictDurableObject } = await import('cloudflare:test')
  await evictDurableObject(object)
  await stubFor(bindings, 'trunk', id).leaseNumbers('fresh', 1)
  const rows = await runInDurableObject(object, (_, ctx) =>
    ['leases', 'freed', 'calls'].map(table =>
      Number([...ctx.storage.sql.exec(`SELECT COUNT(*) AS n FROM ${table}`)][0]?.n),
    ),
  )
  expect(rows).toEqual([1, 0, 0])
})
