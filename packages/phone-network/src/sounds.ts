import type { Input, Intent } from './engine/input.ts'
import type { MediaIntent } from './engine/media-input.ts'
import { AnswerDetector } from './media/answer-detector.ts'
import { clipMs } from './media/mulaw.ts'
import { PauseDetector } from './media/pause-detector.ts'
import type { AudioPlane, Clip, Voices } from './media/plane.ts'
import type { SoundFiles } from './sound-files.ts'
import type { Time } from './time.ts'
import { ExchangeError } from './webhooks/http-exchange.ts'

/** Performs the engine's intents about sound. Without a sound plane only the estimated lengths of sounds are kept. */

export interface Sound {
  plane: AudioPlane
  voices: Voices
}

type SoundIntent = Exclude<
  Intent,
  | MediaIntent
  | {
      do:
        | 'fetch'
        | 'ask-text'
        | 'notify'
        | 'count-devices'
        | 'ring-client'
        | 'cancel-client'
        | 'hang-up-client'
        | 'tell-client-ringing'
        | 'tell-client-answered'
        | 'message-client'
        | 'invite-sip'
        | 'answer-sip'
        | 'refer-sip'
        | 'end-sip'
    }
>

type ListenIntent = Extract<SoundIntent, { do: 'listen' }>
type DetectIntent = Extract<SoundIntent, { do: 'detect' }>
type PlayIntent = Extract<SoundIntent, { do: 'play-url' }>
type SpokenIntent = Extract<SoundIntent, { do: 'say' | 'speak' }>

/** English is spoken at about 15 characters a second. */
const CHAR_MS = 65
const SENTENCE_MS_MIN = 400
const BEEP_MS = 500
/** Estimated time for which the other side speaks, when there is no sound. */
const SILENT_LISTEN_MS = 1_500

export function estimateMs(text: string): number {
  return Math.max(SENTENCE_MS_MIN, text.length * CHAR_MS)
}

export class Sounds {
  readonly #sound: Sound | null
  readonly #files: SoundFiles
  readonly #take: (input: Input) => void
  readonly #time: Time
  /** sentences that are being synthesised */
  #making = 0
  /** legs that exist: a sentence for a leg that has ended is dropped */
  readonly #legs = new Set<string>()
  /** the newest sentence for each side of a leg; an older one that is ready later is dropped */
  readonly #wanted = new Map<string, number>()

  constructor(sound: Sound | null, take: (input: Input) => void, time: Time, files: SoundFiles) {
    this.#sound = sound
    this.#files = files
    this.#take = take
    this.#time = time
  }

  get isBusy(): boolean {
    return this.#making > 0 || this.#files.isBusy
  }

  perform(intent: SoundIntent): void {
    switch (intent.do) {
      case 'say':
      case 'speak':
        return this.#speak(intent)
      case 'prepare':
        // The voices cache the result. A failure is reported when the sentence is wanted.
        this.#sound?.voices.say(intent.text, intent.voice ?? undefined, intent.speed).catch(() => undefined)
        return
      case 'play-url':
        return this.#play(intent)
      case 'listen':
        return this.#listen(intent)
      case 'detect':
        return this.#detect(intent)
      case 'add-leg':
        this.#legs.add(intent.callSid)
        break
      case 'remove-leg':
        this.#legs.delete(intent.callSid)
        this.#wanted.delete(`say ${intent.callSid}`)
        this.#wanted.delete(`speak ${intent.callSid}`)
        break
      case 'stop-playing':
        this.#wanted.delete(`say ${intent.callSid}`)
        break
      default:
    }
    if (this.#sound) performOnPlane(this.#sound, intent)
  }

  #speak(intent: SpokenIntent): void {
    const { callSid, token, text } = intent
    if (this.#sound === null || text === '') {
      return this.#started(callSid, token, text === '' ? 0 : estimateMs(text))
    }
    const { plane, voices } = this.#sound
    const side = `${intent.do} ${callSid}`
    this.#wanted.set(side, token)
    const heard = (clip: Clip): number => {
      if (!this.#legs.has(callSid) || this.#wanted.get(side) !== token) return 0
      return intent.do === 'say' ? plane.play(callSid, clip) : plane.speak(callSid, clip)
    }
    this.#making += 1
    voices
      .say(text, intent.voice ?? undefined, intent.do === 'speak' ? intent.speed : 1)
      .then(heard)
      // When synthesis fails, the sentence is silent but takes its usual time.
      .catch(() => estimateMs(text))
      .then(ms => {
        this.#making -= 1
        this.#started(callSid, token, ms)
      })
  }

  /** Fetches a file and plays it if it is still wanted; it lasts as long as its sound. */
  #play({ callSid, token, url, by }: PlayIntent): void {
    const side = `${by === 'person' ? 'speak' : 'say'} ${callSid}`
    this.#wanted.set(side, token)
    this.#making += 1
    this.#files
      .fetch(url)
      .then(clip => {
        const wanted = this.#legs.has(callSid) && this.#wanted.get(side) === token
        if (wanted && by === 'person') this.#sound?.plane.speak(callSid, clip)
        else if (wanted) this.#sound?.plane.play(callSid, clip)
        this.#take({ kind: 'sound.started', callSid, token, ms: wanted ? clipMs(clip) : 0 })
      })
      .catch((error: unknown) => {
        const code = error instanceof ExchangeError ? error.code : 11200
        const message = error instanceof Error ? error.message : String(error)
        this.#take({ kind: 'sound.failed', callSid, token, code, message })
      })
      .finally(() => {
        this.#making -= 1
      })
  }

  /** A person listens: with sound until the other side has spoken and is silent, without sound for a fixed time. */
  #listen({ callSid, token, silenceMs, atMostMs }: ListenIntent): void {
    const heard = (): void => this.#take({ kind: 'person.listened', callSid, token })
    if (this.#sound === null) {
      this.#time.after(Math.min(SILENT_LISTEN_MS + silenceMs, atMostMs), heard)
      return
    }
    const pause = new PauseDetector(silenceMs, atMostMs)
    const stop = this.#sound.plane.tap(callSid, (_says, hears) => {
      if (!pause.hear(hears)) return
      stop()
      queueMicrotask(heard)
    })
  }

  #detect({ callSid, settings }: DetectIntent): void {
    const detector = new AnswerDetector(settings)
    const stop = this.#sound?.plane.tap(callSid, says => {
      const answeredBy = detector.hear(says)
      if (answeredBy === null) return
      stop?.()
      queueMicrotask(() => this.#take({ kind: 'answerer.heard', callSid, answeredBy }))
    })
  }

  #started(callSid: string, token: number, ms: number): void {
    queueMicrotask(() => this.#take({ kind: 'sound.started', callSid, token, ms }))
  }
}

function performOnPlane(
  { plane, voices }: Sound,
  intent: Exclude<SoundIntent, SpokenIntent | ListenIntent | PlayIntent | DetectIntent>,
): void {
  const { callSid } = intent
  switch (intent.do) {
    case 'add-leg':
      return plane.addLeg(callSid)
    case 'remove-leg':
      return plane.removeLeg(callSid)
    case 'speak-beep':
      plane.speak(callSid, intent.fax ? voices.sound('fax') : voices.sound('beep', BEEP_MS))
      return
    case 'stop-speaking':
      return plane.stopSpeaking(callSid)
    case 'play-sound':
      plane.play(callSid, voices.sound(intent.sound), { loop: intent.loop })
      return
    case 'stop-playing':
      return plane.stopPlaying(callSid)
    case 'bridge':
      return plane.bridge(callSid, intent.other)
    case 'cross':
      plane.tap(callSid, (_says, hears) => plane.feed(intent.other, hears))
      plane.tap(intent.other, (_says, hears) => plane.feed(callSid, hears))
      return
    case 'attach-program':
      return plane.attachProgram(callSid, intent.other)
    case 'unbridge':
      return plane.unbridge(callSid)
    case 'join':
      return plane.join(intent.conferenceSid, callSid, { muted: intent.muted })
    case 'leave':
      return plane.leave(callSid)
    case 'set-muted':
      return plane.setMuted(callSid, intent.muted)
    case 'set-held':
      return plane.setHeld(callSid, intent.held, intent.music ? voices.sound('hold') : undefined)
    case 'set-noise':
      return plane.setNoise(callSid, intent.level)
    case 'set-coaching':
      return plane.setCoaching(callSid, intent.coached)
    case 'speak-digits':
      plane.speak(callSid, voices.digits(intent.digits))
      return
    case 'play-digits':
      plane.play(callSid, voices.digits(intent.digits))
      return
    default:
  }
}
