import type { RelayIntent } from '../engine/media-input.ts'
import type { Interrupts } from '../engine/media-world.ts'
import type { Clip } from '../media/plane.ts'
import type { Line } from '../streams/frames.ts'
import { Wire, type WireOptions } from '../streams/wire.ts'
import { SpeechOutput, type Utterance } from './speech-output.ts'

/** One ConversationRelay session: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages */

/** Limit of an answer's text that has not been spoken yet. */
const TEXT_CHARS_MAX = 10_000
const COMPLAINTS_MAX = 10
const LOOPS_MAX = 100
/** A sentence is spoken as soon as it is complete, before the answer is. */
const SENTENCE = /^([\s\S]*?[.!?…](?=\s)|[\s\S]*?\n)/

export type RelayOrder = Extract<RelayIntent, { do: 'relay-open' }>

export interface RelaySocketOptions extends WireOptions {
  line: Line
  say(text: string, voice: string | null): Promise<Clip>
  fetch(url: string): Promise<Clip>
  said(text: string): void
  pressed(digits: string): void
  over(how: { failed: boolean; handoffData: string | null; code: number; message: string }): void
  complain(code: number, message: string): void
}

type Message = Record<string, unknown>

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function stops(interrupts: Interrupts, by: 'dtmf' | 'speech'): boolean {
  return interrupts === 'any' || interrupts === by
}

export class RelaySocket {
  readonly #order: RelayOrder
  readonly #options: RelaySocketOptions
  readonly #wire: Wire
  readonly #speech: SpeechOutput
  #unlisten: (() => void) | null = null
  #text = ''
  #answer = 0
  #listens: string
  #complaints = 0
  #speaking = false
  /** the person's present sentence began while the agent spoke, and is not reported */
  #ignoring = false
  #over = false

  constructor(order: RelayOrder, options: RelaySocketOptions) {
    this.#order = order
    this.#options = options
    this.#listens = order.settings.transcriptionLanguage
    this.#speech = new SpeechOutput((utterance, what) => this.#spoken(utterance, what))
    this.#wire = new Wire(order.url, options, {
      open: () => this.#start(),
      message: text => this.#take(text),
      lost: (code, message) => {
        const closed = code === 31921
        this.#finish({ failed: !closed, handoffData: null, code: closed ? 64105 : 64102, message })
      },
    })
  }

  get isOpening(): boolean {
    return this.#wire.opening
  }

  /** Closes the session: the call is over, or has other TwiML. */
  stop(): void {
    this.#silence()
    this.#wire.close()
  }

  cut(): void {
    this.#silence()
    this.#wire.cut()
  }

  /** The person begins to speak. */
  began(): void {
    const { speakerEvents } = this.#order.settings
    if (speakerEvents) this.#wire.send({ type: 'info', name: 'clientSpeaking', value: 'on' })
    this.#ignoring = !this.#interrupt('speech')
  }

  heard(text: string): void {
    const { partialPrompts, speakerEvents } = this.#order.settings
    if (speakerEvents) this.#wire.send({ type: 'info', name: 'clientSpeaking', value: 'off' })
    if (this.#ignoring) return
    const prompt = { type: 'prompt', lang: this.#listens }
    const words = text.split(' ')
    if (partialPrompts && words.length > 1) {
      this.#wire.send({ ...prompt, voicePrompt: words.slice(0, Math.ceil(words.length / 2)).join(' '), last: false })
    }
    this.#wire.send({ ...prompt, voicePrompt: text, last: true })
  }

  dtmf(digits: string): void {
    if (!this.#order.settings.dtmf || !this.#interrupt('dtmf')) return
    for (const digit of digits) this.#wire.send({ type: 'dtmf', digit })
  }

  /** Stops the agent if it may be interrupted. False when it continues and the program must not hear of the input. */
  #interrupt(by: 'dtmf' | 'speech'): boolean {
    const { interruptible, greetingInterruptible, reports } = this.#order.settings
    if (!this.#speech.speaks) return true
    const greets = this.#answer === 0
    if (!stops(greets ? greetingInterruptible : interruptible, by) || !this.#speech.interruptible)
      return stops(reports, by)
    const { text, ms } = this.#speech.stop()
    this.#text = ''
    this.#wire.send({ type: 'interrupt', utteranceUntilInterrupt: text, durationUntilInterruptMs: ms })
    this.#agentSpeaks(false)
    return true
  }

  #start(): void {
    const { callSid, setup, settings } = this.#order
    this.#wire.send({ type: 'setup', ...setup })
    this.#unlisten = this.#options.line.listen(
      callSid,
      () => this.#speech.tick(),
      out => this.#speech.pull(out),
    )
    if (settings.greeting !== '') this.#say(settings.greeting, {})
  }

  #silence(): void {
    this.#over = true
    this.#unlisten?.()
    this.#unlisten = null
  }

  #finish(how: Parameters<RelaySocketOptions['over']>[0]): void {
    if (this.#over) return
    this.#silence()
    this.#options.over(how)
  }

  #agentSpeaks(speaks: boolean): void {
    if (this.#speaking === speaks) return
    this.#speaking = speaks
    if (!this.#order.settings.speakerEvents) return
    this.#wire.send({ type: 'info', name: 'agentSpeaking', value: speaks ? 'on' : 'off' })
  }

  #spoken(utterance: Utterance, what: 'begins' | 'ends'): void {
    if (what === 'begins') {
      this.#agentSpeaks(true)
      if (utterance.text !== '') this.#options.said(utterance.text)
      return
    }
    if (this.#order.settings.tokensPlayed && utterance.text !== '') {
      this.#wire.send({ type: 'info', name: 'tokensPlayed', value: utterance.text })
    }
    if (!this.#speech.speaks) this.#agentSpeaks(false)
  }

  #complain(why: string): void {
    this.#complaints += 1
    this.#wire.send({ type: 'error', description: `Invalid message received: ${why}` })
    if (this.#complaints <= COMPLAINTS_MAX) this.#options.complain(64107, `ConversationRelay: invalid message: ${why}`)
  }

  #take(text: string | null): void {
    let message: unknown = null
    try {
      message = text === null ? null : JSON.parse(text)
    } catch {
      return this.#complain('not JSON')
    }
    if (!isMessage(message)) return this.#complain('not a JSON object')
    switch (message.type) {
      case 'text':
        return this.#takeText(message)
      case 'play':
        return this.#takePlay(message)
      case 'sendDigits':
        if (typeof message.digits !== 'string' || !/^[0-9*#wWA-D]+$/.test(message.digits)) {
          return this.#complain('sendDigits without digits')
        }
        return this.#options.pressed(message.digits)
      case 'language':
        // The voices here speak English whatever the language is.
        if (typeof message.transcriptionLanguage === 'string') this.#listens = message.transcriptionLanguage
        return
      case 'end': {
        const { handoffData = null } = message
        if (handoffData !== null && typeof handoffData !== 'string') return this.#complain('handoffData is not a text')
        this.#wire.close()
        return this.#finish({ failed: false, handoffData, code: 0, message: '' })
      }
      default:
        return this.#complain(`type ${JSON.stringify(message.type)} does not exist`)
    }
  }

  #takeText(message: Message): void {
    const { token, last } = message
    if (typeof token !== 'string') return this.#complain('text without a token')
    if (this.#answer === 0) this.#answer = 1
    if (this.#text.length + token.length > TEXT_CHARS_MAX) return this.#complain('more text than can be said')
    this.#text += token
    for (let found = SENTENCE.exec(this.#text); found; found = SENTENCE.exec(this.#text)) {
      this.#text = this.#text.slice(found[0].length)
      this.#say(found[0], message)
    }
    // Without `last` Twilio takes the token for the whole answer.
    if (last === false) return
    this.#say(this.#text, message)
    this.#text = ''
    this.#answer += 1
  }

  #flags(message: Message): Pick<Utterance, 'interruptible' | 'preemptible'> {
    const { interruptible = true, preemptible = this.#order.settings.preemptible } = message
    return { interruptible: interruptible !== false, preemptible: preemptible === true }
  }

  #say(text: string, message: Message): void {
    const words = text.trim()
    if (words === '') return
    const clip = this.#options.say(words, this.#order.settings.voice)
    const utterance = { text: words, answer: this.#answer, ...this.#flags(message) }
    if (!this.#speech.say(utterance, clip)) this.#complain('more text than can be said')
  }

  #takePlay(message: Message): void {
    const { source, loop = 1 } = message
    if (typeof source !== 'string' || !URL.canParse(source)) return this.#complain('play without a source')
    const times = typeof loop === 'number' && loop >= 0 ? Math.min(loop === 0 ? LOOPS_MAX : loop, LOOPS_MAX) : 1
    if (this.#answer === 0) this.#answer = 1
    const clip = this.#options.fetch(source)
    clip.catch((error: unknown) =>
      this.#options.complain(11200, error instanceof Error ? error.message : String(error)),
    )
    for (let time = 0; time < times; time += 1) {
      this.#speech.say({ text: '', answer: this.#answer, ...this.#flags(message) }, clip)
    }
    this.#answer += 1
  }
}
