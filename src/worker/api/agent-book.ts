/**
 * Reads AI agents from the workspace's book. They cross as JSON, so they are parsed here, and in the Worker nowhere else: a field
 * that is new since an agent was saved gets its default. A limit that becomes tighter needs a conversion of what is stored.
 */
import { z } from 'zod'
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import { type AiAgent, aiAgent, VERSIONS_SHOWN_MAX } from '../../wire/ai-agent.ts'

const agents = z.array(aiAgent)

/** Null: there is no such agent, or no such version of it. */
export async function agentOf(
  env: Env,
  workspaceId: string,
  agentId: string,
  version: number | null = null,
): Promise<AiAgent | null> {
  const json = await stubFor(env, 'workspace', workspaceId).aiAgent(agentId, version)
  return json === null ? null : aiAgent.parse(JSON.parse(json))
}

/** All agents, each in its latest version; the first one takes the calls that name none. */
export async function agentsOf(env: Env, workspaceId: string): Promise<AiAgent[]> {
  return agents.parse(JSON.parse(await stubFor(env, 'workspace', workspaceId).aiAgents()))
}

/** The versions of one agent, newest first. */
export async function versionsOf(env: Env, workspaceId: string, agentId: string): Promise<AiAgent[]> {
  return agents.parse(JSON.parse(await stubFor(env, 'workspace', workspaceId).aiVersions(agentId, VERSIONS_SHOWN_MAX)))
}
