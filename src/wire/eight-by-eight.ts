/**
 * What 8x8's voice platform posts: an envelope with one event. Reading is lenient, because its documents name fields in more than one way
 * (`CallA`, `callA`) and new statuses may come; what we need must be there and have its form.
 */
import { z } from 'zod'

const id = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\x21-\x7e]+$/, 'has a character that no id has')
/** A number with or without its plus, or a word for a caller who withholds it. */
const side = z.string().max(64)
const digits = z
  .string()
  .max(64)
  .regex(/^[\d*#]*$/, 'has other characters than keys')

const leg = z.looseObject({
  callId: id.optional(),
  callDirection: z.string().max(40).optional(),
  callStatus: z.string().max(60).optional(),
  source: side.optional(),
  destination: side.optional(),
})
const envelope = { namespace: z.literal('VOICE'), description: z.string().max(1_000).nullish() }
const callPayload = z.looseObject({
  ...leg.shape,
  sessionId: id,
  eventId: id.nullish(),
  callStatus: z.string().min(1).max(60),
  source: side,
  destination: side.min(1),
  eventData: z.looseObject({ dtmf: digits.nullish() }).nullish(),
  clientActionId: z.string().max(200).nullish(),
})

/** VCA: what is to be done with this call? */
export const callAction = z.object({ ...envelope, eventType: z.literal('CALL_ACTION'), payload: callPayload })
/** VCS: what has become of a leg. */
export const callStatus = z.object({ ...envelope, eventType: z.literal('CALL_STATUS'), payload: callPayload })
const legs = z.looseObject({ callA: leg.nullish(), callB: leg.nullish(), CallA: leg.nullish(), CallB: leg.nullish() })
/** VSS: a session is over. */
export const sessionSummary = z.object({
  ...envelope,
  eventType: z.literal('SESSION_SUMMARY'),
  payload: z.looseObject({ sessionId: id, sessionStatus: z.string().min(1).max(60), details: legs.nullish() }),
})

const action = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('say'),
    params: z.object({ text: z.string(), voiceProfile: z.string(), repetition: z.number(), speed: z.number() }),
  }),
  z.object({
    action: z.literal('sayAndCapture'),
    params: z.object({
      ...{ promptMessage: z.string(), voiceProfile: z.string(), speed: z.number() },
      ...{ minDigits: z.number(), maxDigits: z.number(), overallTimeout: z.number(), completeOnHash: z.boolean() },
      noOfTries: z.number(),
    }),
  }),
  z.object({
    action: z.literal('makeCall'),
    params: z.object({ source: z.string(), destination: z.string(), callRecording: z.boolean().optional() }),
  }),
  z.object({ action: z.literal('hangup') }),
])
export type EightAction = z.infer<typeof action>
export const callflow = z.object({ clientActionId: z.string(), callflow: z.array(action) })
export const taken = z.object({ message: z.literal('taken') })
