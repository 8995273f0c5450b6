/** The rows of a call with a flow on the disk of a real object: made when there are some, read again after the object has died. */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { platformOf } from '../../src/actors/shell/platform.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import { call } from '../../src/core/call/call.ts'
import {
  type CallEffect,
  type CallFact,
  type CallInput,
  type CallLinks,
  type CallState,
  laneOf,
} from '../../src/core/call/state.ts'
import type { Action } from '../../src/core/flow/flow.ts'
import { bindings } from './stage.ts'

const LINKS: CallLinks = {
  ...{ kind: 'inbound', batchId: null, campaignId: null, contactId: null, deskId: null, agentName: null },
}
const PARTY = { to: '+14155550001', from: '+14155551001', name: '' }
const T0 = Date.UTC(2026, 0, 5)

/** A call's shell that has just woken on this disk, and pays nothing. */
function woken(ctx: DurableObjectState) {
  return new Shell<CallState, CallInput, CallFact, CallEffect>(platformOf(ctx), {
    machine: call,
    laneOf,
    performer: { perform: async () => [], outcomeUnknown: () => [] },
  })
}
const onDisk = (name: string, run: (ctx: DurableObjectState) => void) => {
  const object = bindings.ROOM.get(bindings.ROOM.idFromName(name))
  return runInDurableObject(object, (_, ctx) => run(ctx))
}
const tables = (ctx: DurableObjectState) =>
  ctx.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'state_rows'").toArray().length
const keys = (ctx: DurableObjectState) =>
  ctx.storage.sql
    .exec('SELECT key FROM state_rows ORDER BY key')
    .toArray()
    .map(({ key }) => key)

function begin(shell: ReturnType<typeof woken>, variables: Record<string, string> = {}): void {
  const actions: Action[] = [
    { id: 'a', type: 'talk', option: { text: 'One. '.repeat(100) } },
    { id: 'b', type: 'queue_join', option: { queue_id: 'q' } },
  ]
  const known = { activeflowId: 'af', flowId: 'f', version: 1, apology: 'Sorry.', language: 'en-US', soundsUrl: '' }
  const order = { ...known, actions, variables, system: {} }
  shell.journal.commitAll([
    {
      input: { type: 'call.received', at: T0, links: LINKS, party: PARTY, providerId: 'CA1', flow: true },
      inputId: null,
    },
    { input: { type: 'flow.begin', at: T0, order }, inputId: null },
  ])
}

test('a call without a flow has no table for rows and asks for none', () =>
  onDisk('w_test.d_ada.71', ctx => {
    const shell = woken(ctx)
    shell.commit({ type: 'call.received', at: T0, links: LINKS, party: PARTY, providerId: 'CA1' })
    expect(tables(ctx)).toBe(0)
    expect(woken(ctx).state).toEqual(shell.state)
  }))

test('a flow goes on at its step after the object has died, from its rows and from its facts [S1-19]', () =>
  onDisk('w_test.d_ada.72', ctx => {
    const shell = woken(ctx)
    begin(shell, { name: 'Ann' })
    expect(keys(ctx)).toEqual(['page.1', 'steps.0', 'system', 'variables'])
    shell.commit({ type: 'flow.asked', at: T0 + 1, token: 'flow-1' })
    const again = woken(ctx)
    expect(again.state).toEqual(shell.state)
    expect(again.state.flow).toMatchObject({ waiting: { for: 'outside', ask: 1 }, variables: { name: 'Ann' } })
    // The same from the facts, as after a release with another state.
    ctx.storage.sql.exec('UPDATE state SET version = 0')
    expect(woken(ctx).state).toEqual(shell.state)
    again.commit({ type: 'flow.end-wanted', at: T0 + 2, hangsUp: true })
    // The last two pages are small, so they stand in the state.
    expect(keys(ctx)).toEqual(['page.1'])
    expect(woken(ctx).state).toEqual(again.state)
  }))

test('the largest variables are stored, and a flow that was rolled back leaves no rows', () =>
  onDisk('w_test.d_ada.73', ctx => {
    const shell = woken(ctx)
    expect(() =>
      ctx.storage.transactionSync(() => {
        begin(shell, { a: 'x' })
        throw new Error('undone')
      }),
    ).toThrow('undone')
    const fresh = woken(ctx)
    begin(fresh, { a: 'x'.repeat(32_000), b: 'x'.repeat(32_000) })
    expect(woken(ctx).state).toEqual(fresh.state)
  }))
