/**
 * The tools that a model may call. Its arguments are untrusted text, so they are parsed here, and
 * `src/actors/call/voice/tool-executor.ts` allows the call or not. A tool acts on one call and its workspace only.
 */
import { z } from 'zod'
import type { ToolName } from './ai-agent.ts'

const short = z.string().trim().max(200)

export const toolInputs = {
  transfer_call: z.object({
    dest: short.min(1).describe('a name from the directory'),
    mode: z
      .enum(['blind', 'attended'])
      .default('attended')
      .describe('attended: the colleague hears a summary and accepts first'),
    summary: z.string().trim().max(600).default('').describe('who calls and what they want, in one or two sentences'),
  }),
  end_call: z.object({ reason: short.default('') }),
  send_dtmf: z.object({ digits: z.string().regex(/^[0-9*#wW]{1,32}$/, 'digits, * and #; w waits half a second') }),
  leave_voicemail: z.object({ message: z.string().trim().min(1).max(600) }),
  opt_out: z.object({
    reason: short.default(''),
    phone: short.optional().describe('only for a caller who shows no number: the number as they said it, in digits'),
  }),
  book_callback: z.object({
    when: short.min(1).describe('ISO 8601 with the time zone, or as the caller said it'),
    note: short.default(''),
  }),
  lookup_contact: z.object({ phone: short.optional().describe('without it: the person on the line') }),
  set_variable: z.object({
    name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, 'letters, digits and _'),
    value: z.string().max(500),
  }),
} as const satisfies Record<ToolName, z.ZodType>

/** The JSON Schema of a tool's arguments, as it is given to the model. */
export function toolSchema(name: ToolName): Record<string, unknown> {
  return z.toJSONSchema(toolInputs[name], { io: 'input' }) as Record<string, unknown>
}

export const toolWords: Record<ToolName, string> = {
  transfer_call: 'Hands the caller over to a colleague. Say that you connect them; you are told how it went.',
  end_call: 'Ends the call. Say goodbye first.',
  send_dtmf: 'Presses keys, for menus of other systems.',
  leave_voicemail: 'Leaves this message after the tone of an answering machine, then ends the call.',
  opt_out: 'Puts the caller on the do-not-call list. Use it whenever somebody asks not to be called again.',
  book_callback: 'Notes when the caller wants to be called back.',
  lookup_contact: 'Looks up who the person on the line is.',
  set_variable: 'Remembers a value for this call.',
}
