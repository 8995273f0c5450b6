import { openAiRefusal } from '../answering.ts'
import type { Turn } from '../dialogue/walk.ts'

/** `POST /v1/chat/completions`, read: https://platform.openai.com/docs/api-reference/chat/create */

export interface ChatRequest {
  model: string
  turns: Turn[]
  /** names of the offered functions */
  tools: Set<string>
  toolChoice: 'auto' | 'none' | 'required' | { name: string }
  stream: boolean
  includeUsage: boolean
  maxTokens: number | null
}

export const MESSAGES_MAX = 2_000
export const TOOLS_MAX = 128
const ROLES = new Map<string, Turn['role']>([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
])

type Fields = Record<string, unknown>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text, or the texts among a list of parts. */
function textOf(content: unknown, where: string, mayBeAbsent: boolean): string {
  if (typeof content === 'string') return content
  if ((content === null || content === undefined) && mayBeAbsent) return ''
  if (!Array.isArray(content)) {
    throw openAiRefusal(
      400,
      `Invalid type for '${where}': expected a string or an array of objects.`,
      where,
      'invalid_type',
    )
  }
  return content.map(part => (isFields(part) && typeof part.text === 'string' ? part.text : '')).join(' ')
}

function turnOf(value: unknown, index: number): Turn {
  const where = `messages[${index}]`
  if (!isFields(value))
    throw openAiRefusal(400, `Invalid type for '${where}': expected an object.`, where, 'invalid_type')
  const role = ROLES.get(String(value.role))
  if (role === undefined) {
    const names = [...ROLES.keys()].map(name => `'${name}'`)
    throw openAiRefusal(
      400,
      `Invalid value: '${String(value.role)}'. Supported values are: ${names.join(', ')}.`,
      `${where}.role`,
      'invalid_value',
    )
  }
  if (role === 'tool' && value.role === 'tool' && typeof value.tool_call_id !== 'string') {
    throw openAiRefusal(
      400,
      `Missing parameter '${where}.tool_call_id'.`,
      `${where}.tool_call_id`,
      'missing_required_parameter',
    )
  }
  return { role, text: textOf(value.content, `${where}.content`, role === 'assistant') }
}

/** Checks, as the vendor does, that every tool message answers a call of an earlier assistant message. */
function checkToolCalls(messages: readonly Fields[]): void {
  const made = new Set<unknown>()
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant' && Array.isArray(message.tool_calls)) {
      for (const call of message.tool_calls) if (isFields(call)) made.add(call.id)
    }
    if (message.role === 'tool' && !made.has(message.tool_call_id)) {
      throw openAiRefusal(
        400,
        "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.",
        `messages[${index}].role`,
      )
    }
  }
}

function toolsOf(value: unknown): Set<string> {
  if (value === undefined || value === null) return new Set()
  if (!Array.isArray(value))
    throw openAiRefusal(400, "Invalid type for 'tools': expected an array.", 'tools', 'invalid_type')
  if (value.length > TOOLS_MAX) {
    throw openAiRefusal(
      400,
      `Invalid 'tools': array too long. Expected at most ${TOOLS_MAX}.`,
      'tools',
      'array_above_max_length',
    )
  }
  return new Set(
    value.map((tool, index) => {
      const name =
        isFields(tool) && tool.type === 'function' && isFields(tool.function) ? tool.function.name : undefined
      if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
        throw openAiRefusal(
          400,
          `Invalid 'tools[${index}].function.name'.`,
          `tools[${index}].function.name`,
          'invalid_value',
        )
      }
      return name
    }),
  )
}

function choiceOf(value: unknown): ChatRequest['toolChoice'] {
  if (value === undefined || value === null) return 'auto'
  if (value === 'auto' || value === 'none' || value === 'required') return value
  const name = isFields(value) && isFields(value.function) ? value.function.name : undefined
  if (typeof name === 'string') return { name }
  throw openAiRefusal(400, "Invalid value for 'tool_choice'.", 'tool_choice', 'invalid_value')
}

/** Reads a request. Throws `Refusal` with the vendor's error. */
export function readChatRequest(text: string): ChatRequest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw openAiRefusal(400, 'We could not parse the JSON body of your request.')
  }
  if (!isFields(value)) throw openAiRefusal(400, 'The body must be a JSON object.')
  const { model, messages, max_tokens: old, max_completion_tokens: maxTokens = old } = value
  if (typeof model !== 'string' || model === '') throw openAiRefusal(400, 'you must provide a model parameter')
  if (!Array.isArray(messages) || messages.length === 0) {
    throw openAiRefusal(400, "Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter')
  }
  if (messages.length > MESSAGES_MAX) {
    throw openAiRefusal(
      400,
      `Invalid 'messages': array too long. Expected at most ${MESSAGES_MAX}.`,
      'messages',
      'array_above_max_length',
    )
  }
  if (maxTokens !== undefined && maxTokens !== null && (!Number.isInteger(maxTokens) || Number(maxTokens) < 1)) {
    throw openAiRefusal(
      400,
      "Invalid 'max_completion_tokens': expected a positive integer.",
      'max_completion_tokens',
      'invalid_value',
    )
  }
  const turns = messages.map(turnOf)
  checkToolCalls(messages as Fields[])
  return {
    model,
    turns,
    tools: toolsOf(value.tools),
    toolChoice: choiceOf(value.tool_choice),
    stream: value.stream === true,
    includeUsage: isFields(value.stream_options) && value.stream_options.include_usage === true,
    maxTokens: typeof maxTokens === 'number' ? maxTokens : null,
  }
}
