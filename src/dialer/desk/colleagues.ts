/** The team as the desk shows it: who is there, and what each is doing. */
import { useQuery } from '@tanstack/react-query'
import type { VoiceAgent } from '../../wire/voice-agent.ts'
import { ask } from '../api.ts'

/** Who is free changes without our doing. */
const LIVE_MS = 3_000

export const STATUS: Record<VoiceAgent['status'], string> = {
  available: 'free',
  ringing: 'is being rung',
  busy: 'on a call',
  away: 'on a break',
  offline: 'not here',
}

export function useAgents(enabled: boolean) {
  return useQuery({
    queryKey: ['voice-agents'],
    queryFn: () => ask('GET /v1.0/agents', { query: { limit: 200 } }),
    refetchInterval: LIVE_MS,
    enabled,
  })
}

/** Why this colleague cannot be reached now; null: they can. */
export function busyWords({ name, status }: VoiceAgent): string | null {
  return status === 'available' ? null : `${name}: ${STATUS[status]}`
}
