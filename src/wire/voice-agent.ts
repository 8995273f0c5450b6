/** A person of the team as the voice API speaks of them, in VoIPBIN's shape. */
import { z } from 'zod'
import { role } from './api.ts'

export const voiceAgent = z.object({
  /** as calls and queues name this person */
  id: z.string(),
  user_id: z.string(),
  name: z.string(),
  role,
  /** `busy`: on a call, dialling, or writing after one; `away`: on a break */
  status: z.enum(['available', 'away', 'busy', 'offline', 'ringing']),
  /** since when; null: nobody has signed in at this desk yet */
  tm_status: z.string().nullable(),
  addresses: z.array(z.object({ type: z.literal('agent'), target: z.string(), target_name: z.string() })),
})
export type VoiceAgent = z.infer<typeof voiceAgent>
