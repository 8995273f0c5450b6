/** Reads in the phone network's log what each caller hears (music, words, ringing or somebody), and how long they hear nothing. Times are the network's, ms. */
import type { Entry } from '../../packages/phone-network/src/network-log.ts'

interface Leg {
  conference: string | null
  held: boolean
  /** outside a conference: the carrier plays, says or rings something */
  sounds: boolean
  silentSince: number | null
  /** has been with somebody at least once */
  met: boolean
}
/** Verbs that a person hears, or that wait for them with a sound before. */
const HEARD = new Set(['Play', 'Say', 'Gather', 'Record'])

/** A silence that lasts longer is somebody's who waits, also when their call ends in it. */
const WAIT_MS = 2_000

/** A stretch without any sound. */
export interface Silence {
  callSid: string
  from: number
  to: number
}

export class Ear {
  readonly #legs = new Map<string, Leg>()
  readonly #inside = new Map<string, Set<string>>()
  /** after the caller was with somebody for the first time */
  readonly silences: Silence[] = []
  readonly #callers = new Set<string>()
  readonly #dialledBy: (callSid: string) => string | null
  readonly #told: (silence: Silence) => void

  /**
   * `dialledBy`: whose `<Dial>` a leg is. Takes those who are in a conference before the first entry is read: the lines of the agents are
   * open by then.
   */
  constructor(
    conferences: { sid: string; participants: { callSid: string }[] }[],
    dialledBy: (callSid: string) => string | null,
    told: (silence: Silence) => void,
  ) {
    this.#dialledBy = dialledBy
    this.#told = told
    for (const { sid, participants } of conferences)
      for (const { callSid } of participants) this.#roomOf(sid).add(callSid)
  }

  follow(callSid: string): void {
    this.#callers.add(callSid)
  }

  hear(entry: Entry): void {
    const { at } = entry
    switch (entry.kind) {
      case 'twiml-received':
        this.#change(entry.callSid, leg => {
          leg.sounds = entry.verbs.some(verb => HEARD.has(verb))
        })
        break
      case 'call-redirected':
      case 'dial-ended':
        this.#change(entry.callSid, leg => {
          leg.sounds = false
        })
        break
      case 'call-ringing': {
        // The network plays ringing to whoever dialled, from here on.
        const waits = this.#dialledBy(entry.callSid)
        if (waits !== null)
          this.#change(waits, leg => {
            leg.sounds = true
          })
        break
      }
      case 'bridged':
        for (const callSid of [entry.callSid, entry.with])
          this.#change(callSid, leg => {
            leg.sounds = true
          })
        break
      case 'participant-joined':
        this.#roomOf(entry.conferenceSid).add(entry.callSid)
        this.#change(entry.callSid, leg => {
          leg.conference = entry.conferenceSid
          leg.held = false
          leg.sounds = false
        })
        break
      case 'participant-left':
        this.#roomOf(entry.conferenceSid).delete(entry.callSid)
        this.#change(entry.callSid, leg => {
          if (leg.conference === entry.conferenceSid) leg.conference = null
        })
        break
      case 'participant-changed':
        this.#change(entry.callSid, leg => {
          leg.held = entry.held
        })
        break
      case 'call-ended': {
        // A caller is silent for a moment before each end. A longer silence was a wait, because they gave up in it or were stuck.
        const { silentSince = null } = this.#legs.get(entry.callSid) ?? {}
        const waited = this.#callers.has(entry.callSid) && silentSince !== null && at - silentSince > WAIT_MS
        if (waited) this.#over({ callSid: entry.callSid, from: silentSince, to: at })
        this.#legs.delete(entry.callSid)
        break
      }
      default:
        return
    }
    for (const [callSid, leg] of this.#legs) if (this.#callers.has(callSid)) this.#listen(callSid, leg, at)
  }

  #over(silence: Silence): void {
    this.silences.push(silence)
    this.#told(silence)
  }

  #roomOf(conferenceSid: string): Set<string> {
    const known = this.#inside.get(conferenceSid) ?? new Set<string>()
    this.#inside.set(conferenceSid, known)
    return known
  }

  #change(callSid: string, change: (leg: Leg) => void): void {
    const leg = this.#legs.get(callSid) ?? {
      conference: null,
      held: false,
      sounds: false,
      silentSince: null,
      met: false,
    }
    this.#legs.set(callSid, leg)
    change(leg)
  }

  #listen(callSid: string, leg: Leg, at: number): void {
    const inside = leg.conference === null ? [] : [...(this.#inside.get(leg.conference) ?? [])]
    // A leg on hold is in the room and is heard by nobody, so it is no company.
    const others = inside.filter(callSid => this.#legs.get(callSid) !== leg && !this.#legs.get(callSid)?.held).length
    leg.met ||= others > 0
    const hears = leg.conference === null ? leg.sounds : leg.held || others > 0
    if (hears || !leg.met) {
      if (leg.silentSince !== null) this.#over({ callSid, from: leg.silentSince, to: at })
      leg.silentSince = null
    } else leg.silentSince ??= at
  }
}
