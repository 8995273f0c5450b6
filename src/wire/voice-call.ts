/** A call as the voice API speaks of it, in VoIPBIN's shape. */
import { z } from 'zod'
import { WORDS_CHARS_MAX } from '../core/call/control/state.ts'
import { NUMBER_TEXT_MAX } from './phone-number.ts'

const address = z.object({
  type: z.enum(['tel', 'sip', 'extension', 'agent', 'conference']).default('tel'),
  target: z.string().trim().min(1).max(NUMBER_TEXT_MAX),
  target_name: z.string().max(120).default(''),
})

/** To whom a person is handed over: a colleague as calls name people, a queue by its id, or a number. */
export const transferBody = z.object({
  destination: z.discriminatedUnion('type', [
    z.object({ type: z.literal('agent'), target: z.string().min(1).max(46) }),
    z.object({ type: z.literal('queue'), target: z.string().min(1).max(100) }),
    z.object({ type: z.literal('tel'), target: z.string().min(3).max(40) }),
  ]),
  /** `attended`: the agent speaks with the destination first; a queue cannot be asked */
  kind: z.enum(['blind', 'attended']).default('blind'),
})

/** The newest transfer of a call. There is one at a time, and the call's id names it. */
export const transfer = z.object({
  id: z.string(),
  transfer_type: z.enum(['blind', 'attended']),
  /** the person's call, and the agent who hands them over, as calls name people */
  transferer_call_id: z.string(),
  transferer_agent_id: z.string().nullable(),
  transferee_address: z.object({ type: z.enum(['agent', 'queue', 'tel']), target: z.string() }),
  /** the call of a number that is asked first; null: there is none now */
  transferee_call_id: z.string().nullable(),
  /**
   * `ringing`, `joining`, `asking`, `swapped`, `merged`, `parting`: the phases of an attended one; `moving`: the person goes to the target;
   * `over`: nothing is under way
   */
  status: z.enum(['ringing', 'joining', 'asking', 'swapped', 'merged', 'parting', 'moving', 'over']),
  /** what the agent may do now */
  moves: z.array(z.enum(['swap', 'merge', 'complete', 'cancel'])),
})

/** Words for whoever is on the line: what decides the call goes on after them. */
export const talkBody = z.object({
  text: z.string().trim().min(1).max(WORDS_CHARS_MAX),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'a language as en-US')
    .default('en-US'),
})

export const voiceCallBody = z
  .object({
    /** one of our numbers; absent: one that is ready. For a conference: whom we call, who then joins it */
    source: address.optional(),
    /** numbers, extensions and addresses of SIP phones, of which the first to answer gets the flow; or one member of the team; or one conference */
    destinations: z.array(address).min(1).max(10),
    /** it wins over `actions`, as at VoIPBIN */
    flow_id: z.string().min(1).max(64).optional(),
    /** steps for this call alone: a temporary flow (S1-6) */
    actions: z.array(z.unknown()).min(1).max(1_000).optional(),
    /** limits are the core's, which names the key */
    variables: z.record(z.string().max(200), z.unknown()).default({}),
    /** where this person agreed to be called by an artificial voice */
    consent: z.string().trim().min(3).max(300).optional(),
  })
  .refine(
    ({ flow_id, actions, destinations }) =>
      flow_id !== undefined || actions !== undefined || destinations[0]?.type === 'conference',
    { error: 'a flow, or actions', path: ['flow_id'] },
  )

/** `agent`: a member of the team, at their own phone; `sip`: a SIP phone, one of an extension as well */
const side = z.object({
  type: z.enum(['tel', 'sip', 'agent', 'extension']),
  target: z.string(),
  target_name: z.string(),
})
export const voiceCall = z.object({
  id: z.string(),
  flow_id: z.string().nullable(),
  activeflow_id: z.string().nullable(),
  /** several numbers were called, and this is one of them */
  groupcall_id: z.string().nullable(),
  type: z.literal('flow'),
  source: side,
  destination: side,
  direction: z.enum(['incoming', 'outgoing']),
  status: z.enum(['dialing', 'ringing', 'progressing', 'terminating', 'canceling', 'hangup']),
  /** the step that the flow is at; null: it has not begun, or is over */
  action_id: z.string().nullable(),
  hangup_reason: z.string().nullable(),
  tm_create: z.string().nullable(),
  tm_progressing: z.string().nullable(),
  tm_hangup: z.string().nullable(),
})
export type VoiceCall = z.infer<typeof voiceCall>

/** A call as a list has it, from the log, which does not know its flow. */
const unlogged = { type: true, flow_id: true, activeflow_id: true, action_id: true, groupcall_id: true } as const
export const voiceCallRow = voiceCall.omit(unlogged)
export type VoiceCallRow = z.infer<typeof voiceCallRow>

/** Several numbers that ring at once: the first who answers gets the flow, and the others are canceled. */
export const groupcall = z.object({
  id: z.string(),
  status: z.enum(['progressing', 'hangingup', 'hangup']),
  ring_method: z.literal('ring_all'),
  answer_method: z.literal('hangup_others'),
  /** null: nobody has answered */
  answer_call_id: z.string().nullable(),
  call_ids: z.array(z.string()),
  call_count: z.number().int(),
})
export type Groupcall = z.infer<typeof groupcall>

/** One destination: the call itself. Several: all of them, and the group call that they are. */
export const placedCalls = z.union([voiceCall, z.object({ calls: z.array(voiceCall), groupcalls: z.array(groupcall) })])

/** A flow as it runs on a call. There is one on a call, and the call's id names it. */
export const activeflow = z.object({
  id: z.string(),
  /** null: steps that were given for this call alone */
  flow_id: z.string().nullable(),
  version: z.number().int(),
  status: z.enum(['running', 'ended']),
  reference_type: z.literal('call'),
  reference_id: z.string(),
  /** null: it waits for the answer of the call, or is over */
  current_action_id: z.string().nullable(),
  /** steps that it has begun */
  executed_count: z.number().int(),
  /** why it is over; null: it is not */
  end_reason: z.string().nullable(),
})
export type Activeflow = z.infer<typeof activeflow>
