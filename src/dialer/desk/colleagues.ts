/** The team as the desk shows it: who is there, and what each is doing. */
import { useQuery } from '@tanstack/react-query'
import type { DirectoryRow } from '../../wire/extension.ts'
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

/** Phones of the team that are no desk; whether one is there changes without our doing as well. */
export function useDirectory() {
  return useQuery({
    queryKey: ['directory'],
    queryFn: () => ask('GET /api/directory', { query: { limit: 200 } }),
    refetchInterval: LIVE_MS,
  })
}

/** What the directory says of the phones of an extension. The carrier does not tell whether one of its phones is there. */
export function phoneWords({ phones, at_carrier }: DirectoryRow): string {
  const inBrowsers = phones === 0 ? [] : [phones === 1 ? 'a phone is connected' : `${phones} phones are connected`]
  const words = [...inBrowsers, ...(at_carrier ? ['a phone at the carrier'] : [])]
  return words.length === 0 ? 'no phone is connected' : words.join(', ')
}

/** Why the pad cannot ring this extension; null: it can. */
export function unreachableWords({ name, at_carrier }: DirectoryRow): string | null {
  return at_carrier ? null : `${name}: phones in browsers are called by phones only`
}

/** Why this colleague cannot be reached now; null: they can. */
export function busyWords({ name, status }: VoiceAgent): string | null {
  return status === 'available' ? null : `${name}: ${STATUS[status]}`
}
