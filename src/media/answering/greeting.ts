/**
 * Finds out who has answered our call. A person says "hello?" and waits; a machine talks on, and often says that it is one. The
 * rules use time and words (a greeting below 2.5 s and half a second of silence, as LiveKit Agents 1.9 has it; phrases; a beep),
 * so that the running call can act on the verdict at once.
 */
import type { Language } from '../turn/words.ts'

export type AnsweredBy = 'human' | 'voicemail' | 'ivr' | 'screening' | 'uncertain'

/** Silence after which we speak first, because people sometimes wait for the caller. */
const NOTHING_MS = 2_500
/** A person's greeting is shorter than this. */
const GREETING_MS = 2_500
/** Silence that ends a person's greeting. */
const PAUSE_MS = 500
/** Silence that ends a long greeting without a known phrase: a person's long name, or a machine in another language. */
const PAUSE_AFTER_LONG_MS = 1_200
/** The verdict falls at this time at the latest. */
const LIMIT_MS = 15_000

const VOICEMAIL: Record<Language, RegExp> = {
  en: /(leave (a|your|me a) (message|name)|after the (tone|beep)|voice ?mail|(not|un)(?: is)? ?available|can(?:'|no)t (?:take|come to|answer)|record your message|mailbox|at the tone|reached the)/i,
  es: /(deje (un|su) mensaje|después del tono|buzón|no est(á|oy) disponible)/i,
  fr: /(laissez (un|votre) message|après le (bip|signal)|messagerie|répondeur|pas disponible)/i,
  de: /(hinterlassen sie|nach dem (signal)?ton|mailbox|anrufbeantworter|nicht erreichbar)/i,
  it: /(lasciate? (un|il suo) messaggio|dopo il (segnale|bip)|segreteria|non (è|sono) disponibile)/i,
  pt: /(deixe (um|o seu) recado|deixe (uma|sua) mensagem|após o sinal|caixa postal|não (está|estou) disponível)/i,
}
const MENU: Record<Language, RegExp> = {
  en: /(press (one|two|three|zero|\d|star|pound)|for (sales|support|english)|listen to the following|menu options|your call is important)/i,
  es: /(marque (uno|dos|cero|\d)|para (ventas|español)|menú)/i,
  fr: /(appuyez sur|tapez (un|deux|\d)|pour le service)/i,
  de: /(drücken sie|wählen sie die|für den (verkauf|kundendienst))/i,
  it: /(prema|digiti|premere) (uno|due|il|\d)/i,
  pt: /(digite|pressione|tecle) (um|dois|zero|\d)/i,
}
const SCREENING: Record<Language, RegExp> = {
  en: /(who(?:'s| is) calling|state your name|say your name|screening (this|your) call|why you(?:'re| are) calling|reason for (your|the) call)/i,
  es: /(quién llama|diga su nombre)/i,
  fr: /(qui (est à l'appareil|appelle)|dites votre nom|nom et (la|le) (raison|motif))/i,
  de: /(wer (ruft an|spricht)|nennen sie ihren namen)/i,
  it: /(chi parla|dica il suo nome)/i,
  pt: /(quem (fala|está ligando)|diga o seu nome)/i,
}

export class Greeting {
  readonly #language: Language
  readonly #startMs: number
  #spokeAtMs: number | null = null
  #quietSinceMs: number | null = null
  #spokenMs = 0
  #text = ''
  #verdict: AnsweredBy | null = null

  constructor(language: Language, startMs: number) {
    this.#language = language
    this.#startMs = startMs
  }

  get verdict(): AnsweredBy | null {
    return this.#verdict
  }

  /** Speech began at that time. */
  spoke(atMs: number): void {
    if (this.#quietSinceMs !== null || this.#spokeAtMs === null) this.#spokeAtMs = atMs
    this.#quietSinceMs = null
  }

  /** Speech ended at that time. */
  fellSilent(atMs: number): void {
    if (this.#spokeAtMs !== null && this.#quietSinceMs === null) this.#spokenMs += Math.max(0, atMs - this.#spokeAtMs)
    this.#quietSinceMs = atMs
  }

  /** All words so far. A phrase that only machines use decides at once. */
  words(text: string): void {
    this.#text = text
    if (VOICEMAIL[this.#language].test(text)) this.#decide('voicemail')
    else if (MENU[this.#language].test(text)) this.#decide('ivr')
    else if (SCREENING[this.#language].test(text)) this.#decide('screening')
  }

  /** Only machines beep. */
  beeped(): void {
    this.#decide('voicemail')
  }

  /** Only people press keys unasked. */
  pressed(): void {
    this.#decide('human')
  }

  tick(nowMs: number): void {
    const due = this.nextMs()
    if (due === null || nowMs < due) return
    if (this.#spokeAtMs === null || nowMs >= this.#startMs + LIMIT_MS) this.#decide('uncertain')
    else this.#decide(this.#isLong() ? 'uncertain' : 'human')
  }

  nextMs(): number | null {
    if (this.#verdict !== null) return null
    const limit = this.#startMs + LIMIT_MS
    if (this.#spokeAtMs === null) return this.#startMs + NOTHING_MS
    if (this.#quietSinceMs === null) return limit
    return Math.min(limit, this.#quietSinceMs + (this.#isLong() ? PAUSE_AFTER_LONG_MS : PAUSE_MS))
  }

  #isLong(): boolean {
    return this.#spokenMs > GREETING_MS
  }

  #decide(verdict: AnsweredBy): void {
    this.#verdict ??= verdict
  }

  /** The words of the greeting. */
  get text(): string {
    return this.#text
  }
}
