/** The REST of a floor's carrier, behind the port: answers, refusals, answers that are lost or late. */
import type { Carried, CarrierCall, Telephony } from '../../../src/providers/telephony/port.ts'
import { TO_CARRIER, type World } from '../world.ts'
import type { FloorCarrier } from './carrier.ts'
import type { Leg } from './leg.ts'

const UNKNOWN = { ok: false, failure: { kind: 'unknown', message: 'no answer' } } as const
const GONE = { ok: false, failure: { kind: 'gone' } } as const
type Heard = <T>(hear: (value: T) => void) => (value: T) => void

export function floorTelephony(world: World, carrier: FloorCarrier, heard: Heard): Telephony {
  const { faults, random } = world
  const ask = <T>(perform: () => Carried<T>): Promise<Carried<T>> =>
    new Promise(resolve => {
      const done = heard(resolve)
      world.send(TO_CARRIER, () =>
        world.later(random.between(20, 150), () => {
          const failing = faults.strikes('carrier-failing')
          // In half of the failures the request was performed and its answer is lost.
          if (failing && random.chance(0.5)) return done(UNKNOWN as Carried<T>)
          const answer = perform()
          const slowMs = faults.strikes('carrier-slow') ? random.between(1_000, 4_000) : random.between(10, 100)
          world.later(slowMs, () => done(failing ? (UNKNOWN as Carried<T>) : answer))
        }),
      )
    })
  const known = (sid: string, act: (leg: Leg) => void): Carried<CarrierCall> => {
    const leg = carrier.legs.get(sid)
    if (leg === undefined || leg.status === 'over') return GONE
    act(leg)
    return told(leg)
  }
  const told = (leg: Leg): Carried<CarrierCall> => {
    const status = leg.status === 'over' ? 'completed' : leg.status
    return { ok: true, value: { providerId: leg.sid, status } }
  }
  const verbs: Partial<Telephony> = {
    createCall: ({ callId, to }) =>
      ask(() => {
        // No program calls anybody of these floors.
        if (typeof to !== 'string') return GONE
        const leg = carrier.begin('number', callId, to)
        carrier.rings(leg)
        return { ok: true, value: { providerId: leg.sid, status: 'queued' } }
      }),
    cancelCall: sid => ask(() => known(sid, leg => leg.status === 'ringing' && carrier.end(leg, 'rest'))),
    completeCall: sid => ask(() => known(sid, leg => carrier.end(leg, 'rest'))),
    redirectCall: sid =>
      ask(() => {
        const leg = carrier.legs.get(sid)
        return leg?.status === 'in-progress' ? known(sid, one => carrier.redirect(one)) : GONE
      }),
    fetchCall: sid =>
      ask(() => {
        const leg = carrier.legs.get(sid)
        return leg === undefined ? GONE : told(leg)
      }),
    findCall: to =>
      ask(() => {
        const leg = [...carrier.legs.values()].findLast(one => one.kind === 'number' && one.to === to)
        return leg === undefined ? { ok: true, value: null } : (told(leg) as Carried<CarrierCall | null>)
      }),
    holdParticipant: (conferenceId, sid, held) =>
      ask(() => (carrier.hold(conferenceId, sid, held) ? { ok: true, value: null } : GONE)),
    listRoom: room => ask(() => ({ ok: true, value: carrier.list(room) })),
    startRecording: () => ask(() => ({ ok: true, value: 'RE1' })),
    whisperSummary: () => ask(() => ({ ok: true, value: null })),
    messagesOf: async () => ({ ok: true, value: [] }),
  }
  return verbs as Telephony
}
