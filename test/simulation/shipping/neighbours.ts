/** A shipping performer reaches other ships, the trunk, a book that is always there, and the carrier. */
import type { Contracts, Neighbours } from '../../../src/actors/neighbours.ts'
import { DEFAULT_PROFILE } from '../../../src/core/desk/voice-profile.ts'
import type { Carried, PlaceCall, Telephony } from '../../../src/providers/telephony/port.ts'
import type { Trunk } from '../actors/trunk.ts'
import { change, create, find } from '../carrier/rest.ts'
import type { Fate } from '../part.ts'
import type { World } from '../world.ts'
import { Dead } from './memory-store.ts'
import type { Kind, Ship } from './ship.ts'

export type Call = (method: string, ...args: unknown[]) => Promise<unknown>

/** How one life of a ship asks, and hears. */
export function askingOf(ship: Ship<Kind>, life: number) {
  const { world } = ship
  /** An answer to a life that is over reaches nobody, and nothing that it still asks leaves it. */
  const heard =
    <T>(hear: (value: T) => void) =>
    (value: T) => {
      if (life === ship.life) hear(value)
    }
  const tell = (
    to: { id: string; tenant: string },
    act: () => { fate: Fate; answer: Promise<unknown> },
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (life !== ship.life) throw new Dead()
      let answer: Promise<unknown> = Promise.resolve()
      const ask = (): Fate => {
        const called = act()
        answer = called.answer
        return called.fate
      }
      const done = heard((fate: Fate) => (fate === 'done' ? resolve(answer) : reject(new Error('no answer'))))
      world.tell(ship, to, ask, done)
    })
  return { heard, tell }
}

export function neighboursOf(
  ship: Ship<Kind>,
  life: number,
  shipOf: (kind: Kind, id: string) => Ship<Kind>,
): Neighbours {
  const { world } = ship
  const { heard, tell } = askingOf(ship, life)
  const toActor = (kind: Kind, id: string): Call => {
    const to = shipOf(kind, id)
    // The doubles read the desk's view in the same instant.
    return (method, ...args) =>
      method === 'view'
        ? to.call('view' as never).answer
        : tell(to, () => to.call(method as never, ...(args as never[])))
  }
  const toTrunk = (trunk: Trunk): Call => {
    const verbs: Record<string, (...args: never[]) => unknown> = {
      clear: ({ callId }: { callId: string }) => ({ verdict: CLEARED, notBefore: trunk.slot(callId) }),
      leaseNumbers: (askId: string, count: number, asks: unknown[] = []) => ({
        ...trunk.lease(askId, count),
        verdicts: asks.map(() => CLEARED),
      }),
      freeNumber: (number: string, leaseId: string, used: boolean) => trunk.free(number, leaseId, used),
      setNumberAside: (number: string) => trunk.setAside(number),
    }
    return async (method, ...args) => {
      // The doubles do not ask a second time: nothing in these worlds changes a verdict.
      if (method === 'clearAgain') return CLEARED
      return tell(trunk, () => ({ fate: 'done', answer: Promise.resolve(verbs[method]?.(...(args as never[]))) }))
    }
  }
  const reach = (kind: keyof Contracts, id: string): Call => {
    if (kind === 'trunk') return toTrunk(world.trunkOf(id))
    if (kind === 'workspace') return async method => BOOK[method]?.()
    if (
      kind === 'log' ||
      kind === 'queue' ||
      kind === 'inbox' ||
      kind === 'mask' ||
      kind === 'recording' ||
      kind === 'registrar'
    )
      return async () => true
    return toActor(kind, id)
  }
  return {
    now: () => world.now,
    actor: (kind, id) => new Proxy({}, { get: (_, method) => reach(kind, id).bind(null, String(method)) }) as never,
    voiceProfile: async () => DEFAULT_PROFILE,
    telephony: async () => {
      if (life !== ship.life) throw new Dead()
      return telephonyOf(world, heard)
    },
    crm: () => null,
  }
}

export const CLEARED = { cleared: true, profile: 'custom', by: 'clear' }

/** Nobody is in the book. */
export const BOOK: Record<string, () => unknown> = {
  seller: () => ({ name: '', number: '' }),
  contactByPhone: () => null,
  noteContact: () => true,
  optOut: () => 1,
}

function telephonyOf(world: World, heard: <T>(hear: (value: T) => void) => (value: T) => void): Telephony {
  const { carrier } = world
  const ask = <T>(run: (done: (answer: Carried<T>) => void) => void): Promise<Carried<T>> =>
    new Promise(resolve => run(heard(resolve)))
  const verbs: Partial<Telephony> = {
    createCall: ({ callId, batchId, to, from, ringLimitMs, amd, record }: PlaceCall) =>
      ask(done =>
        create(carrier, { callId, batchId, to: String(to), from, options: { ringLimitMs, amd, record } }, done),
      ),
    cancelCall: id => ask(done => change(carrier, 'cancel', id, done)),
    completeCall: id => ask(done => change(carrier, 'complete', id, done)),
    redirectCall: id => ask(done => change(carrier, 'redirect', id, done)),
    fetchCall: id => ask(done => change(carrier, 'fetch', id, done)),
    findCall: (to, from, sinceMs) => ask(done => find(carrier, String(to), from, sinceMs, done)),
    startRecording: async () => ({ ok: true, value: 'RE1' }),
    messagesOf: async () => ({ ok: true, value: [] }),
    listRoom: room => ask(done => carrier.conferences.list(room, done)),
    holdParticipant: (conferenceId, id, held) => ask(done => carrier.conferences.hold(conferenceId, id, held, done)),
  }
  return verbs as Telephony
}
