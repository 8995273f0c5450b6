/** The sound of the phone network: what each party hears, computed every 20 ms. `plane.ts` has the contract. */
import { FeedQueue } from './feed-queue.ts'
import { addInto, addOthersInto, LevelMeter, SILENT_FRAME, saturate } from './mixer.ts'
import { clipMs, decode, encode, FRAME_BYTES } from './mulaw.ts'
import { Noise } from './noise.ts'
import type { AudioPlane, Clip, EarSource, Levels } from './plane.ts'
import { Player } from './player.ts'

type Tap = (says: Uint8Array, hears: Uint8Array) => void

interface Seat {
  conference: Conference
  muted: boolean
  held: boolean
  hold: Player | null
  /** the only party that hears this one (coaching) */
  coached: string | null
}

interface Conference {
  key: string
  members: Set<Leg>
  sum: Int32Array
}

/** A plain class without behaviour: one object per party, its buffers are reused every tick. */
class Leg {
  readonly callSid: string
  speaking: Player | null = null
  playing: Player | null = null
  source: EarSource | null = null
  peer: Leg | null = null
  /** the party whose voice this program hears as its own */
  voice: Leg | null = null
  seat: Seat | null = null
  readonly feed = new FeedQueue()
  noise: Noise | null = null
  readonly taps = new Set<Tap>()
  /** This tick's frame: SILENT_FRAME, or `saysBuffer`. */
  says: Int16Array = SILENT_FRAME
  readonly saysBuffer = new Int16Array(FRAME_BYTES)
  readonly hears = new Int16Array(FRAME_BYTES)
  readonly saysLevel = new LevelMeter()
  readonly hearsLevel = new LevelMeter()

  constructor(callSid: string) {
    this.callSid = callSid
  }
}

/**
 * Operations on a party that does not exist, or no longer exists, do nothing: a late command of the engine must not
 * bring a finished call back.
 */
export class MixingPlane implements AudioPlane {
  readonly hears = true
  private readonly legs = new Map<string, Leg>()
  private readonly conferences = new Map<string, Conference>()
  private readonly roomTaps = new Set<{ conference: string; listener: (frame: Uint8Array) => void }>()
  private readonly earSum = new Int32Array(FRAME_BYTES)
  private readonly playBuffer = new Int16Array(FRAME_BYTES)
  private readonly feedBuffer = new Uint8Array(FRAME_BYTES)

  addLeg(callSid: string): void {
    if (!this.legs.has(callSid)) this.legs.set(callSid, new Leg(callSid))
  }

  removeLeg(callSid: string): void {
    const leg = this.legs.get(callSid)
    if (!leg) return
    this.part(leg)
    this.stand(leg)
    leg.taps.clear()
    this.legs.delete(callSid)
  }

  speak(callSid: string, clip: Clip): number {
    const leg = this.legs.get(callSid)
    if (leg) leg.speaking = new Player(clip)
    return clipMs(clip)
  }

  stopSpeaking(callSid: string): void {
    const leg = this.legs.get(callSid)
    if (leg) leg.speaking = null
  }

  play(callSid: string, clip: Clip, options: { loop?: boolean } = {}): number {
    const leg = this.legs.get(callSid)
    if (leg) leg.playing = new Player(clip, options.loop)
    return clipMs(clip)
  }

  stopPlaying(callSid: string): void {
    const leg = this.legs.get(callSid)
    if (leg) leg.playing = null
  }

  setSource(callSid: string, source: EarSource | null): void {
    const leg = this.legs.get(callSid)
    if (leg) leg.source = source
  }

  bridge(a: string, b: string): void {
    const one = this.legs.get(a)
    const other = this.legs.get(b)
    if (!one || !other) return
    for (const leg of [one, other]) {
      this.part(leg)
      this.stand(leg)
    }
    one.peer = other
    other.peer = one
  }

  attachProgram(a: string, program: string): void {
    this.bridge(a, program)
    const leg = this.legs.get(program)
    if (leg) leg.voice = leg.peer
  }

  unbridge(callSid: string): void {
    const leg = this.legs.get(callSid)
    if (leg) this.part(leg)
  }

  join(key: string, callSid: string, options: { muted?: boolean; held?: boolean } = {}): void {
    const leg = this.legs.get(callSid)
    if (!leg) return
    this.part(leg)
    this.stand(leg)
    const conference = this.conferences.get(key) ?? { key, members: new Set(), sum: new Int32Array(FRAME_BYTES) }
    this.conferences.set(key, conference)
    conference.members.add(leg)
    leg.seat = { conference, muted: options.muted ?? false, held: options.held ?? false, hold: null, coached: null }
  }

  leave(callSid: string): void {
    const leg = this.legs.get(callSid)
    if (!leg) return
    this.part(leg)
    this.stand(leg)
  }

  setMuted(callSid: string, muted: boolean): void {
    const seat = this.legs.get(callSid)?.seat
    if (seat) seat.muted = muted
  }

  setNoise(callSid: string, level: number): void {
    const leg = this.legs.get(callSid)
    if (leg) leg.noise = level > 0 ? new Noise(callSid, level) : null
  }

  setCoaching(callSid: string, coached: string | null): void {
    const seat = this.legs.get(callSid)?.seat
    if (seat) seat.coached = coached
  }

  setHeld(callSid: string, held: boolean, holdClip?: Clip): void {
    const seat = this.legs.get(callSid)?.seat
    if (!seat) return
    seat.held = held
    seat.hold = held && holdClip ? new Player(holdClip, true) : null
  }

  levels(callSid: string): Levels {
    const leg = this.legs.get(callSid)
    return leg ? { says: leg.saysLevel.rms(), hears: leg.hearsLevel.rms() } : { says: 0, hears: 0 }
  }

  tap(callSid: string, listener: Tap): () => void {
    const leg = this.legs.get(callSid)
    leg?.taps.add(listener)
    return () => {
      leg?.taps.delete(listener)
    }
  }

  tapRoom(conference: string, listener: (frame: Uint8Array) => void): () => void {
    const tap = { conference, listener }
    this.roomTaps.add(tap)
    return () => {
      this.roomTaps.delete(tap)
    }
  }

  feed(callSid: string, frame: Uint8Array): void {
    this.legs.get(callSid)?.feed.push(frame)
  }

  tick(): void {
    for (const leg of this.legs.values()) if (leg.voice === null) this.listenTo(leg)
    for (const leg of this.legs.values()) {
      if (leg.voice) leg.says = leg.voice.says
    }
    for (const conference of this.conferences.values()) {
      conference.sum.fill(0)
      for (const leg of conference.members) addInto(conference.sum, toAll(leg))
    }
    // Programs first, because what they play is part of what their party hears.
    for (const leg of this.legs.values()) if (leg.voice) this.mixFor(leg)
    for (const leg of this.legs.values()) if (leg.voice === null) this.mixFor(leg)
    for (const leg of this.legs.values()) this.report(leg)
    for (const tap of this.roomTaps) this.reportRoom(tap)
  }

  private listenTo(leg: Leg): void {
    leg.says = SILENT_FRAME
    if (leg.speaking?.finished) leg.speaking = null
    if (leg.feed.live) {
      if (leg.feed.pull(this.feedBuffer)) {
        decode(this.feedBuffer, leg.saysBuffer)
        leg.says = leg.saysBuffer
      }
    } else if (leg.speaking) {
      leg.speaking.read(leg.saysBuffer)
      leg.says = leg.saysBuffer
    }
    if (leg.noise) leg.says = leg.noise.under(leg.says, leg.saysBuffer)
    leg.saysLevel.add(leg.says)
  }

  private mixFor(leg: Leg): void {
    const sum = this.earSum.fill(0)
    if (leg.playing?.finished) leg.playing = null
    if (leg.playing) this.addPlayer(sum, leg.playing)
    if (leg.source?.(this.feedBuffer)) addInto(sum, decode(this.feedBuffer, this.playBuffer))
    if (leg.peer && leg.voice === null) addInto(sum, leg.peer.voice ? leg.peer.hears : leg.peer.says)
    if (leg.seat?.held) {
      if (leg.seat.hold) this.addPlayer(sum, leg.seat.hold)
    } else if (leg.seat) {
      addOthersInto(sum, leg.seat.conference.sum, toAll(leg))
      for (const coach of leg.seat.conference.members) {
        if (coach.seat?.coached === leg.callSid) addInto(sum, audible(coach))
      }
    }
    saturate(sum, leg.hears)
    leg.hearsLevel.add(leg.hears)
  }

  private addPlayer(sum: Int32Array, player: Player): void {
    player.read(this.playBuffer)
    addInto(sum, this.playBuffer)
  }

  private report(leg: Leg): void {
    if (leg.taps.size === 0) return
    const says = encode(leg.says)
    const hears = encode(leg.hears)
    for (const tap of leg.taps) {
      try {
        tap(says, hears)
      } catch (error) {
        // An error in one listener must not silence every other call.
        leg.taps.delete(tap)
        console.error('audio tap removed because it threw:', error)
      }
    }
  }

  private reportRoom({ conference, listener }: { conference: string; listener: (frame: Uint8Array) => void }): void {
    const room = this.conferences.get(conference)
    if (room) saturate(room.sum, this.playBuffer)
    listener(encode(room ? this.playBuffer : SILENT_FRAME))
  }

  private part(leg: Leg): void {
    const { peer } = leg
    for (const each of peer ? [peer, leg] : []) {
      each.peer = null
      each.voice = null
    }
  }

  private stand(leg: Leg): void {
    const conference = leg.seat?.conference
    leg.seat = null
    if (!conference) return
    conference.members.delete(leg)
    if (conference.members.size === 0) this.conferences.delete(conference.key)
  }
}

/** A coach is heard by one party only, not by the conference. */
function toAll(leg: Leg): Int16Array {
  return leg.seat?.coached ? SILENT_FRAME : audible(leg)
}

function audible(leg: Leg): Int16Array {
  return leg.seat && (leg.seat.muted || leg.seat.held) ? SILENT_FRAME : leg.says
}
