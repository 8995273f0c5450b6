/** A line in virtual time with a model that hears and speaks by itself. */
import { TURN_RULES, type TurnRules } from '../../../core/turn/state.ts'
import type { Realtime } from '../../../providers/realtime/port.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import { FRAME_BYTES } from '../../../sound/mulaw.ts'
import { dualTone } from '../../../sound/tones.ts'
import type { SessionParts } from '../conversation-parts.ts'
import { RealtimeVoiceSession } from '../realtime/driver.ts'
import { FRAME_MS, VirtualLine } from './virtual-stream.ts'

export interface RealtimeRoomOptions {
  opening?: string
  rules?: Partial<TurnRules>
  tool?: SessionParts['runTool']
  costMicrosMax?: number
  said?: SessionParts['said']
  answering?: { voicemail: string }
  /** no other voice is there */
  noSpare?: boolean
}

export class RealtimeRoom<Model extends Realtime> extends VirtualLine<RealtimeVoiceSession> {
  readonly said: SessionParts['said']
  readonly model: Model
  readonly session: RealtimeVoiceSession
  lastWords = 0

  constructor(model: Model, options: RealtimeRoomOptions) {
    super()
    this.said = options.said ?? []
    this.model = model
    this.session = new RealtimeVoiceSession({
      ...this.parts,
      realtime: this.model,
      voice: '',
      spare: () =>
        options.noSpare ? null : { text: 'One moment, please.', mulaw: new Uint8Array(1_200 * 8).fill(0x30) },
      agent: {
        prompt: 'You are the receptionist.',
        opening: options.opening ?? '',
        language: 'en-US',
        hints: [],
        rules: { ...TURN_RULES, ...options.rules },
        phrases: {},
        answering: options.answering ?? null,
      },
      tools: [],
      said: this.said,
      costMicrosMax: options.costMicrosMax ?? 5_000_000,
      runTool: options.tool ?? (async () => 'done'),
      lastWords: () => {
        this.lastWords += 1
      },
    })
  }

  /** The caller speaks for so long, and falls silent. */
  async speaks(ms: number): Promise<void> {
    await this.pass(ms, true)
  }

  /** What a machine says when it begins to record. */
  async hearsBeep(): Promise<void> {
    const tone = dualTone(1_000, 1_000, 400)
    for (let at = 0; at < tone.length; at += FRAME_BYTES)
      await this.frame(base64FromBytes(tone.slice(at, at + FRAME_BYTES)))
    await this.pass(FRAME_MS)
  }
}
