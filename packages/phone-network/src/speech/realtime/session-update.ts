import { type Fields, fieldsOf, isFields, numberOf, oneOf, onlyKnown, RealtimeError, textOf } from './realtime-error.ts'
import {
  BETA_FORMATS,
  DETECTION,
  type Session,
  type Shape,
  type SoundFormat,
  type Tool,
  type TurnDetection,
} from './session.ts'

/** Reading `session.update` in both shapes. What is not given stays as it is; what is wrong changes nothing. */

export const VOICES = ['alloy', 'ash', 'ballad', 'cedar', 'coral', 'echo', 'marin', 'sage', 'shimmer', 'verse'] as const
/** Settings that are told back and have no effect here. */
const BETA_OTHERS = [
  'temperature',
  'max_response_output_tokens',
  'input_audio_noise_reduction',
  'tracing',
  'client_secret',
]
const GA_OTHERS = ['max_output_tokens', 'tracing', 'truncation', 'prompt', 'include', 'expires_at']
const TOOLS_MAX = 128

/** The session after the update. Throws `RealtimeError`. `hasSpoken`: the voice cannot change any more. */
export function updated(session: Session, value: unknown, shape: Shape, hasSpoken: boolean): Session {
  const fields = fieldsOf(value, 'session')
  const next = shape === 'beta' ? betaUpdate(session, fields) : gaUpdate(session, fields)
  if (next.voice !== session.voice && hasSpoken) {
    throw new RealtimeError(
      "Cannot update a conversation's voice if assistant audio is present.",
      'cannot_update_voice',
      'session.voice',
    )
  }
  return next
}

const BETA_KNOWN = [
  ...BETA_OTHERS,
  ...['model', 'modalities', 'instructions', 'voice', 'speed', 'tools', 'tool_choice', 'turn_detection'],
  ...['input_audio_format', 'output_audio_format', 'input_audio_transcription'],
]

function betaUpdate(session: Session, fields: Fields): Session {
  onlyKnown(fields, BETA_KNOWN, 'session')
  const { modalities, turn_detection, input_audio_transcription: transcription } = fields
  return {
    ...common(session, fields, BETA_OTHERS),
    ...voiceOf(fields, 'session'),
    ...(modalities === undefined ? {} : { speaks: speaks(modalities, 'session.modalities') }),
    ...(fields.input_audio_format === undefined ? {} : { input: betaFormat(fields, 'input_audio_format') }),
    ...(fields.output_audio_format === undefined ? {} : { output: betaFormat(fields, 'output_audio_format') }),
    ...(turn_detection === undefined ? {} : { turnDetection: detection(turn_detection, 'session.turn_detection') }),
    ...(transcription === undefined ? {} : { transcription: isFields(transcription) ? transcription : null }),
  }
}

function betaFormat(fields: Fields, name: string): SoundFormat {
  const wanted = oneOf(fields[name], Object.values(BETA_FORMATS), `session.${name}`)
  return (Object.keys(BETA_FORMATS) as SoundFormat[]).find(key => BETA_FORMATS[key] === wanted) ?? 'pcm16'
}

const GA_KNOWN = [
  ...GA_OTHERS,
  ...['type', 'model', 'output_modalities', 'instructions', 'tools', 'tool_choice', 'audio', 'id', 'object'],
]

function gaUpdate(session: Session, fields: Fields): Session {
  if (fields.type === undefined) {
    throw new RealtimeError("Missing required parameter: 'session.type'.", 'missing_required_parameter', 'session.type')
  }
  oneOf(fields.type, ['realtime'], 'session.type')
  onlyKnown(fields, GA_KNOWN, 'session')
  const { output_modalities: modalities, audio } = fields
  return {
    ...common(session, fields, GA_OTHERS),
    ...(modalities === undefined ? {} : { speaks: speaks(modalities, 'session.output_modalities') }),
    ...(audio === undefined ? {} : gaAudio(fieldsOf(audio, 'session.audio'))),
  }
}

function gaAudio(audio: Fields): Partial<Session> {
  onlyKnown(audio, ['input', 'output'], 'session.audio')
  const input = audio.input === undefined ? {} : fieldsOf(audio.input, 'session.audio.input')
  const output = audio.output === undefined ? {} : fieldsOf(audio.output, 'session.audio.output')
  onlyKnown(input, ['format', 'transcription', 'noise_reduction', 'turn_detection'], 'session.audio.input')
  onlyKnown(output, ['format', 'voice', 'speed'], 'session.audio.output')
  const { transcription, turn_detection } = input
  return {
    ...voiceOf(output, 'session.audio.output'),
    ...(input.format === undefined ? {} : { input: gaFormat(input.format, 'session.audio.input.format') }),
    ...(output.format === undefined ? {} : { output: gaFormat(output.format, 'session.audio.output.format') }),
    ...(transcription === undefined ? {} : { transcription: isFields(transcription) ? transcription : null }),
    ...(turn_detection === undefined
      ? {}
      : { turnDetection: detection(turn_detection, 'session.audio.input.turn_detection') }),
  }
}

function gaFormat(value: unknown, param: string): SoundFormat {
  const { type, rate } = fieldsOf(value, param)
  const named = oneOf(type, ['audio/pcm', 'audio/pcmu', 'audio/pcma'], `${param}.type`)
  if (named === 'audio/pcm' && rate !== undefined) numberOf(rate, 24_000, 24_000, `${param}.rate`)
  return named === 'audio/pcm' ? 'pcm16' : named === 'audio/pcmu' ? 'ulaw' : 'alaw'
}

/** Reads the fields that both shapes of a session have. */
function common(session: Session, fields: Fields, others: readonly string[]): Session {
  const { instructions, tools, tool_choice: toolChoice } = fields
  const given = Object.fromEntries(Object.entries(fields).filter(([name]) => others.includes(name)))
  return {
    ...session,
    ...(instructions === undefined ? {} : { instructions: textOf(instructions, 'session.instructions') }),
    ...(tools === undefined ? {} : { tools: toolsOf(tools) }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    others: { ...session.others, ...given },
  }
}

function voiceOf(fields: Fields, param: string): Partial<Session> {
  const { voice, speed } = fields
  return {
    ...(voice === undefined ? {} : { voice: oneOf(voice, VOICES, `${param}.voice`) }),
    ...(speed === undefined ? {} : { speed: numberOf(speed, 0.25, 1.5, `${param}.speed`) }),
  }
}

/** Whether a list of modalities asks for sound. */
export function speaks(value: unknown, param: string): boolean {
  const list = Array.isArray(value) ? value : []
  if (list.length === 0 || list.some(each => each !== 'text' && each !== 'audio')) {
    throw new RealtimeError(
      `Invalid modalities for '${param}'. Supported are: ['text'], ['audio'].`,
      'invalid_value',
      param,
    )
  }
  return list.includes('audio')
}

export function toolsOf(value: unknown): Tool[] {
  if (!Array.isArray(value) || value.length > TOOLS_MAX) {
    throw new RealtimeError("Invalid type for 'session.tools': expected an array.", 'invalid_type', 'session.tools')
  }
  return value.map((raw, index) => {
    const { type, name } = fieldsOf(raw, `session.tools[${index}]`)
    oneOf(type, ['function', 'mcp'], `session.tools[${index}].type`)
    return { name: type === 'function' ? textOf(name, `session.tools[${index}].name`) : '', raw }
  })
}

function detection(value: unknown, param: string): TurnDetection | null {
  if (value === null) return null
  const fields = fieldsOf(value, param)
  const type = oneOf(fields.type ?? 'server_vad', ['server_vad', 'semantic_vad'], `${param}.type`)
  const number = (name: string, otherwise: number, max: number): number =>
    fields[name] === undefined ? otherwise : numberOf(fields[name], 0, max, `${param}.${name}`)
  return {
    type,
    threshold: number('threshold', DETECTION.threshold, 1),
    prefixPaddingMs: number('prefix_padding_ms', DETECTION.prefixPaddingMs, 5_000),
    silenceMs: number('silence_duration_ms', DETECTION.silenceMs, 10_000),
    createResponse: fields.create_response !== false,
    interruptResponse: fields.interrupt_response !== false,
  }
}
