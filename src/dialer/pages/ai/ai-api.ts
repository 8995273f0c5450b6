/** The AI part of the API, as the AI pages and the call page use it. */
import type { AiAgentBody } from '../../../wire/ai-agent.ts'
import type { MemberRow } from '../../../wire/api.ts'
import { ask, urlOf } from '../../api.ts'

export const getAgents = () => ask('GET /api/ai/agents')
export const getAgent = (agentId: string) => ask('GET /api/ai/agents/:agentId', { params: { agentId } })
export const getVersions = (agentId: string) => ask('GET /api/ai/agents/:agentId/versions', { params: { agentId } })
export const getVoice = () => ask('GET /api/ai/voice')
export const getNumbers = () => ask('GET /api/numbers')
/** All people of the workspace, from whom the destination of a transfer is chosen. */
export async function getPeople(): Promise<MemberRow[]> {
  const people: MemberRow[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, next } = await ask('GET /api/members', { query: { limit: 200, cursor } })
    people.push(...items)
    cursor = people.length < PEOPLE_MAX ? next : null
  }
  return people.sort((one, other) => one.name.localeCompare(other.name))
}
/** The most people that a list for a choice has. */
const PEOPLE_MAX = 2_000
export const createAgent = (body: AiAgentBody) => ask('POST /api/ai/agents', { body })
export const saveAgent = (agentId: string, body: AiAgentBody) =>
  ask('PUT /api/ai/agents/:agentId', { params: { agentId }, body })
export const saveNumbers = (agentId: string, numbers: string[]) =>
  ask('PUT /api/ai/agents/:agentId/numbers', { params: { agentId }, body: { numbers } })
export const rollBack = (agentId: string, version: number) =>
  ask('POST /api/ai/agents/:agentId/rollback', { params: { agentId }, body: { version } })

export const getConversation = (callId: string) => ask('GET /api/calls/:callId/conversation', { params: { callId } })
export const whisper = (callId: string, text: string) =>
  ask('POST /api/calls/:callId/whisper', { params: { callId }, body: { text } })
export const say = (callId: string, text: string) =>
  ask('POST /api/calls/:callId/say', { params: { callId }, body: { text } })
export const takeOver = (callId: string) => ask('POST /api/calls/:callId/take-over', { params: { callId } })
export const handBack = (callId: string) => ask('POST /api/calls/:callId/hand-back', { params: { callId } })
export const recordingUrl = (callId: string) => urlOf('GET /api/calls/:callId/recording.wav', { params: { callId } })
/** The socket that follows a conversation. */
export const conversationLive = (callId: string) => urlOf('GET /api/calls/:callId/live', { params: { callId } })
