/** Rows of AI agents and of the calls that they make, and what this installation is set up for. */
import { z } from 'zod'
import { aiAgent, aiAgentBody, languageTag } from '../ai-agent.ts'
import { statedConsent } from '../consent.ts'
import { nameText } from '../name.ts'
import type { Rows } from './row.ts'

/** What is set up; else the names of the settings that are missing or wrong. */
const setUp = z.object({ ready: z.boolean(), missing: z.array(z.string()) })

/** What was saved before is read by `aiAgentBody`, which takes names that are refused today. */
const agentBody = aiAgentBody.extend({
  name: nameText(60),
  /** without it, a new agent speaks the language of the installation, and a saved one stays with its own */
  language: languageTag.optional(),
})

const agentVersion = z.object({
  version: z.number(),
  savedMs: z.number(),
  savedBy: z.string(),
  /** paths of the fields that differ from the version before */
  changed: z.array(z.string()),
})

export const agentRoutes = {
  'GET /api/ai/agents': {
    who: { role: 'agent', scope: 'agents:read' },
    summary: 'The AI agents of the workspace, each in its latest version.',
    gives: 'json',
    answer: z.object({ items: z.array(aiAgent), next: z.null() }),
  },
  'POST /api/ai/agents': {
    who: { role: 'admin', scope: 'agents:write' },
    summary: 'A new AI agent.',
    body: agentBody,
    gives: 'json',
    status: 201,
    creates: true,
    answer: aiAgent,
  },
  'GET /api/ai/agents/:agentId': {
    who: { role: 'agent', scope: 'agents:read' },
    summary: 'One agent, in its latest or a given version.',
    query: z.object({ version: z.coerce.number<number>().int().min(1).optional() }),
    gives: 'json',
    answer: aiAgent,
  },
  'PUT /api/ai/agents/:agentId': {
    who: { role: 'admin', scope: 'agents:write' },
    summary: 'Saves a new version. Calls that are live keep the one they began with.',
    body: agentBody,
    gives: 'json',
    answer: aiAgent,
  },
  'GET /api/ai/agents/:agentId/versions': {
    who: { role: 'agent', scope: 'agents:read' },
    summary: 'What changed from version to version, newest first.',
    gives: 'json',
    answer: z.object({ items: z.array(agentVersion), next: z.null() }),
  },
  'POST /api/ai/agents/:agentId/rollback': {
    who: { role: 'admin', scope: 'agents:write' },
    summary: 'Saves an older version again, as the newest.',
    body: z.object({ version: z.number().int().min(1) }),
    gives: 'json',
    answer: aiAgent,
  },
  'PUT /api/ai/agents/:agentId/numbers': {
    who: { role: 'admin', scope: 'agents:write' },
    summary: 'Our numbers that this agent answers; a number has one agent.',
    body: z.object({ numbers: z.array(z.string().max(40)).max(50) }),
    gives: 'json',
    answer: aiAgent,
  },
  'POST /api/ai/agents/:agentId/trials': {
    who: { role: 'agent' },
    summary: 'The id of a call that this desk is about to place to the agent, to follow it from the first ring.',
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({ callId: z.string() }),
  },
  'POST /api/ai/agents/:agentId/calls': {
    who: { role: 'agent', scope: 'calls:write' },
    summary: 'The agent calls a number or a contact.',
    body: z.object({
      toNumber: z.string().max(40).optional(),
      contactId: z.string().max(64).optional(),
      accountId: z.string().max(64).optional(),
      fromNumber: z.string().max(40).optional(),
      message: z.string().trim().max(600).optional(),
      /** where this person agreed to be called by an AI voice; it is kept with the consent */
      consent: statedConsent.optional(),
    }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: z.object({
      callId: z.string(),
      callSid: z.string().nullable(),
      status: z.string(),
      to: z.string(),
      from: z.string(),
    }),
  },
  'GET /api/ai/voice': {
    who: { role: 'agent', scope: 'workspace:read' },
    summary: 'Whether calls can have a voice here; else the names of the settings that are missing.',
    gives: 'json',
    answer: setUp,
  },
  'GET /api/crm': {
    who: { role: 'agent', scope: 'workspace:read' },
    summary: 'Whether calls are filed in a CRM; else the names of the settings that are missing or wrong.',
    gives: 'json',
    answer: setUp,
  },
} as const satisfies Rows
