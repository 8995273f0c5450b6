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
}

export const DEFAULT_PROFILE: VoiceProfile = {
  allowOutbound: true,
  allowInbound: true,
  recordCalls: false,
  callerId: null,
  identityAlias: '',
}
