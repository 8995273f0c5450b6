/** A conversation of the realtime driver in virtual time. */
import { TURN_RULES, type TurnRules } from '../../../core/turn/state.ts'
import type { Realtime } from '../../../providers/realtime/port.ts'
import { base64FromBytes } from '../../../sound/base64.ts'
import { FRAME_BYTES } from '../../../sound/mulaw.ts'
import { dualTone } from '../../../sound/tones.ts'
import type { ConversationParts } from '../conversation-parts.ts'
import type { ConversationLoop } from '../loop.ts'
import { realtimeConversation } from '../realtime/driver.ts'
import { FRAME_MS, VirtualStream } from './virtual-stream.ts'

export interface RealtimeRoomOptions {
  opening?: string
  rules?: Partial<TurnRules>
  turnSilenceMs?: number
  tool?: ConversationParts['runTool']
  costMicrosMax?: number
  said?: ConversationParts['said']
  answering?: { voicemail: string }
  /** no other voice is available */
  noSpare?: boolean
}

export class RealtimeRoom<Model extends Realtime> extends VirtualStream {
  readonly said: ConversationParts['said']
  readonly model: Model
  readonly loop: ConversationLoop
  lastWords = 0

  constructor(model: Model, options: RealtimeRoomOptions) {
    super()
    this.said = options.said ?? []
    this.model = model
    this.loop = realtimeConversation({
      ...this.parts,
      realtime: this.model,
      voice: '',
      spareWord: () =>
        options.noSpare ? null : { text: 'One moment, please.', mulaw: new Uint8Array(1_200 * 8).fill(0x30) },
      agent: {
        prompt: 'You are the receptionist.',
        opening: options.opening ?? '',
        language: 'en-US',
        hints: [],
        rules: { ...TURN_RULES, ...options.rules },
        turnSilenceMs: options.turnSilenceMs ?? null,
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

  /** The caller speaks for this long and falls silent. */
  async speaks(ms: number): Promise<void> {
    await this.pass(ms, true)
  }

  /** The tone of a machine that begins to record. */
  async hearsBeep(): Promise<void> {
    const tone = dualTone(1_000, 1_000, 400)
    for (let at = 0; at < tone.length; at += FRAME_BYTES)
      await this.frame(base64FromBytes(tone.slice(at, at + FRAME_BYTES)))
    await this.pass(FRAME_MS)
  }
}
