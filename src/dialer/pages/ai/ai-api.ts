/** The AI part of the JSON API, as the AI pages and the call page use it. */
import type { AiAgent, AiAgentBody } from '../../../wire/ai-agent.ts'
import type { List, MemberRow } from '../../../wire/api.ts'
import type { Conversation } from '../../../wire/conversation.ts'
import { call } from '../../api.ts'

const at = (path: string, id: string, rest = '') => `${path}/${encodeURIComponent(id)}${rest}`

export interface AgentVersion {
  version: number
  savedMs: number
  savedBy: string
  /** paths of the fields that differ from the version before */
  changed: string[]
}

export const getAgents = () => call<List<AiAgent>>('/api/ai/agents')
export const getAgent = (agentId: string) => call<AiAgent>(at('/api/ai/agents', agentId))
export const getVersions = (agentId: string) => call<List<AgentVersion>>(at('/api/ai/agents', agentId, '/versions'))
export const getVoice = () => call<{ ready: boolean; missing: string[] }>('/api/ai/voice')
export const getNumbers = () => call<List<{ number: string; name: string }>>('/api/numbers')
/** All people of the workspace, from whom the destination of a transfer is chosen. */
export async function getPeople(): Promise<MemberRow[]> {
  const people: MemberRow[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: List<MemberRow> = await call(
      `/api/members?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    people.push(...page.items)
    cursor = people.length < PEOPLE_MAX ? page.next : null
  }
  return people.sort((one, other) => one.name.localeCompare(other.name))
}
/** The most people that a list for a choice has. */
const PEOPLE_MAX = 2_000
export const createAgent = (body: AiAgentBody) => call<AiAgent>('/api/ai/agents', body)
export const saveAgent = (agentId: string, body: AiAgentBody) =>
  call<AiAgent>(at('/api/ai/agents', agentId), body, 'PUT')
export const saveNumbers = (agentId: string, numbers: string[]) =>
  call<AiAgent>(at('/api/ai/agents', agentId, '/numbers'), { numbers }, 'PUT')
export const rollBack = (agentId: string, version: number) =>
  call<AiAgent>(at('/api/ai/agents', agentId, '/rollback'), { version })

export const getConversation = (callId: string) => call<Conversation>(at('/api/calls', callId, '/conversation'))
export const whisper = (callId: string, text: string) => call<unknown>(at('/api/calls', callId, '/whisper'), { text })
export const say = (callId: string, text: string) => call<unknown>(at('/api/calls', callId, '/say'), { text })
export const takeOver = (callId: string) => call<unknown>(at('/api/calls', callId, '/take-over'), {})
export const handBack = (callId: string) => call<unknown>(at('/api/calls', callId, '/hand-back'), {})
export const recordingUrl = (callId: string) => at('/api/calls', callId, '/recording.wav')
