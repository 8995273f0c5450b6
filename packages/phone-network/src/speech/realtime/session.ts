/**
 * The settings of a realtime session. There are two shapes of them: the beta's (flat, asked for by the header
 * `OpenAI-Beta: realtime=v1`) and the present one, with `type: "realtime"` and the audio apart.
 * https://platform.openai.com/docs/api-reference/realtime-client-events/session/update
 */

export type Shape = 'beta' | 'ga'
export type SoundFormat = 'ulaw' | 'alaw' | 'pcm16'

export interface TurnDetection {
  type: 'server_vad' | 'semantic_vad'
  threshold: number
  prefixPaddingMs: number
  silenceMs: number
  createResponse: boolean
  interruptResponse: boolean
}

export interface Tool {
  name: string
  raw: unknown
}

export interface Session {
  id: string
  model: string
  instructions: string
  voice: string
  speed: number
  input: SoundFormat
  output: SoundFormat
  /** null: the client says when a turn is over */
  turnDetection: TurnDetection | null
  /** null: the words that were heard are not told */
  transcription: Record<string, unknown> | null
  tools: Tool[]
  toolChoice: unknown
  /** false: answers are texts */
  speaks: boolean
  /** settings without effect here, told as they were given */
  others: Record<string, unknown>
}

export const SILENCE_MS = 500
export const DETECTION: TurnDetection = {
  type: 'server_vad',
  threshold: 0.5,
  prefixPaddingMs: 300,
  silenceMs: SILENCE_MS,
  createResponse: true,
  interruptResponse: true,
}

export function newSession(id: string, model: string): Session {
  return {
    id,
    model,
    instructions: 'You are a helpful assistant.',
    voice: 'alloy',
    speed: 1,
    input: 'pcm16',
    output: 'pcm16',
    turnDetection: DETECTION,
    transcription: null,
    tools: [],
    toolChoice: 'auto',
    speaks: true,
    others: {},
  }
}

function detectionView(detection: TurnDetection | null): Record<string, unknown> | null {
  if (detection === null) return null
  const { type, threshold, prefixPaddingMs, silenceMs, createResponse, interruptResponse } = detection
  const common = { create_response: createResponse, interrupt_response: interruptResponse }
  if (type === 'semantic_vad') return { type, eagerness: 'auto', ...common }
  return { type, threshold, prefix_padding_ms: prefixPaddingMs, silence_duration_ms: silenceMs, ...common }
}

export const BETA_FORMATS = { ulaw: 'g711_ulaw', alaw: 'g711_alaw', pcm16: 'pcm16' } as const

function formatView(format: SoundFormat): Record<string, unknown> {
  return format === 'pcm16'
    ? { type: 'audio/pcm', rate: 24_000 }
    : { type: format === 'ulaw' ? 'audio/pcmu' : 'audio/pcma' }
}

/** The session as `session.created` and `session.updated` tell it. */
export function sessionView(session: Session, shape: Shape): Record<string, unknown> {
  const { id, model, instructions, voice, speed, tools, toolChoice, speaks, transcription, others } = session
  const turn_detection = detectionView(session.turnDetection)
  const common = { id, object: 'realtime.session', model, instructions, tool_choice: toolChoice }
  const modalities = speaks ? ['audio', 'text'] : ['text']
  if (shape === 'beta') {
    return {
      temperature: 0.8,
      max_response_output_tokens: 'inf',
      ...others,
      ...common,
      tools: tools.map(tool => tool.raw),
      modalities,
      voice,
      speed,
      turn_detection,
      input_audio_format: BETA_FORMATS[session.input],
      output_audio_format: BETA_FORMATS[session.output],
      input_audio_transcription: transcription,
    }
  }
  return {
    max_output_tokens: 'inf',
    ...others,
    type: 'realtime',
    ...common,
    tools: tools.map(tool => tool.raw),
    output_modalities: speaks ? ['audio'] : ['text'],
    audio: {
      input: { format: formatView(session.input), transcription, noise_reduction: null, turn_detection },
      output: { format: formatView(session.output), voice, speed },
    },
  }
}
