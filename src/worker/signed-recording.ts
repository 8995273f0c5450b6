/** Addresses of the sound of a recording: good for an hour, for whoever has one, and another one each time. */
import type { Env } from '../actors/env.ts'
import { macOf } from '../providers/telephony/mac.ts'

export const GOOD_FOR_S = 3_600
/** Hex characters in front of the mac, which make each address another one. */
const SALT_CHARS = 16

/** `mono`: of both sides mixed to one channel. An address of one is none of the other. */
export async function recordingUrl(
  env: Env,
  workspaceId: string,
  recordingId: string,
  nowMs: number,
  mono = false,
): Promise<string> {
  const exp = Math.floor(nowMs / 1_000) + GOOD_FOR_S
  const salt = [...crypto.getRandomValues(new Uint8Array(SALT_CHARS / 2))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
  const sig = salt + (await macOf(secretOf(env), textOf(workspaceId, recordingId, exp, salt, mono)))
  const mix = mono ? '&mix=mono' : ''
  return `${env.PUBLIC_BASE_URL}/v1.0/recording-files/${workspaceId}/${recordingId}?exp=${exp}&sig=${sig}${mix}`
}

interface Address {
  workspaceId: string
  recordingId: string
  exp: string
  sig: string
  mix?: 'mono' | undefined
}

export async function isGoodUrl(
  env: Env,
  { workspaceId, recordingId, exp, sig, mix }: Address,
  nowMs: number,
): Promise<boolean> {
  if (Number(exp) * 1_000 < nowMs || !env.SESSION_SECRET) return false
  const salt = sig.slice(0, SALT_CHARS)
  return alike(
    sig.slice(SALT_CHARS),
    await macOf(secretOf(env), textOf(workspaceId, recordingId, Number(exp), salt, mix !== undefined)),
  )
}

function textOf(workspaceId: string, recordingId: string, exp: number, salt: string, mono: boolean): string {
  return `recording file${mono ? ' mono' : ''} ${workspaceId} ${recordingId} ${exp} ${salt}`
}

function secretOf(env: Env): string {
  if (!env.SESSION_SECRET) throw new Error('SESSION_SECRET is not set')
  return env.SESSION_SECRET
}

/** In the same time wherever they differ. */
function alike(given: string, right: string): boolean {
  if (given.length !== right.length) return false
  let difference = 0
  for (let at = 0; at < right.length; at += 1) difference |= given.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}
