/** What an agent may do with their phone, and how their calls look. One document per agent; whoever has none has the default. */
export interface VoiceProfile {
  allowOutbound: boolean
  /** false: the agent's number does not ring them */
  allowInbound: boolean
  /** every call of this agent is recorded, whatever the campaign says */
  recordCalls: boolean
  /** E.164: the number that their dial pad and browser calls show, while it is one of ours; null: any of ours */
  callerId: string | null
  /** the name that stands beside the identity of their phone; empty: none */
  identityAlias: string
  /** what an administrator has set for this agent, who cannot change it back */
  fixed?: PolicyField[]
}
export const POLICY_FIELDS = ['allowOutbound', 'allowInbound', 'recordCalls'] as const
export type PolicyField = (typeof POLICY_FIELDS)[number]

export const DEFAULT_PROFILE: VoiceProfile = {
  allowOutbound: true,
  allowInbound: true,
  recordCalls: false,
  callerId: null,
  identityAlias: '',
}

/** What the agent's own wish would change of what an administrator has set. */
export function fixedAgainst(stored: VoiceProfile, wanted: VoiceProfile): PolicyField[] {
  return (stored.fixed ?? []).filter(field => stored[field] !== wanted[field])
}

/** The profile as an administrator sets it: what differs from the default is fixed, what is as by default is free again. */
export function setByAdmin(wanted: VoiceProfile): VoiceProfile {
  return { ...wanted, fixed: POLICY_FIELDS.filter(field => wanted[field] !== DEFAULT_PROFILE[field]) }
}
