/** The conversation of a call, as screens and API clients read it. */
import { z } from 'zod'
import type { Usage } from '../core/agent/cost.ts'

export const latency = z.object({
  transcriptionMs: z.number().nullable(),
  languageMs: z.number().nullable(),
  speechMs: z.number().nullable(),
  voiceToVoiceMs: z.number().nullable(),
})

export const conversationEntry = z.object({
  seq: z.number().int(),
  at: z.number(),
  /** the stream of the carrier on which it was said (a dropped one is continued by the next); null: on none, or not known */
  sessionId: z.string().nullable(),
  who: z.enum(['caller', 'agent', 'tool', 'system']),
  text: z.string(),
  /** ms since the epoch */
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  confidence: z.number().nullable(),
  interrupted: z.boolean(),
  latency: latency.nullable(),
  /** `word` is the kind of event; tools have a name and the time they took */
  data: z.record(z.string(), z.unknown()),
})
export type ConversationEntry = z.infer<typeof conversationEntry>

export const conversation = z.object({
  callId: z.string(),
  callSid: z.string().nullable(),
  /** an AI agent is talking on this call now */
  live: z.boolean(),
  agentId: z.string().nullable(),
  version: z.number().nullable(),
  entries: z.array(conversationEntry),
})
export type Conversation = z.infer<typeof conversation>

/** The usage of a conversation so far; money is in millionths of a dollar. */
export interface RunningUsage extends Usage {
  costMicros: number
}

/** Messages of a socket that watches a call: the entries, and words that are not final yet. */
export type LiveWords =
  | { type: 'conversation'; conversation: Conversation }
  | { type: 'entry'; entry: ConversationEntry }
  | { type: 'interim'; who: 'caller'; text: string }
  | { type: 'phase'; phase: string }
  | { type: 'usage'; usage: RunningUsage }
  | { type: 'ended' }

/**
 * The sound of a call for a program. `sequence` counts every message, so a gap shows what was dropped; `timestamp`: ms since the stream began;
 * `payload`: G.711 µ-law, 8 kHz, one channel, base64. `clear`: what came of the agent and was not played yet is not said.
 */
export type MediaMessage = { sequence: number } & (
  | { event: 'start'; call_id: string; media_format: { encoding: 'audio/x-mulaw'; sample_rate: 8000; channels: 1 } }
  | { event: 'media'; track: 'caller' | 'agent'; timestamp: number; payload: string }
  | { event: 'clear'; track: 'agent'; timestamp: number }
  | { event: 'stop'; timestamp: number }
)

/** The sound of an AI agent's call for a supervisor who listens: G.711 µ-law, 8 kHz, base64. The page answers now and then. */
export type CallSound =
  | { type: 'sound'; from: 'caller' | 'agent'; mulaw: string }
  /** the agent was interrupted: what came of it and was not played yet is not said */
  | { type: 'cleared' }
  | { type: 'ended' }
