/** The voice profile of the agent at a desk, from wherever it is asked. */
import { proxyDurable } from 'itty-durable/proxy-durable.js'
import type { VoiceProfile } from '../../core/desk/voice-profile.ts'
import { profileId } from '../../core/ids.ts'
import type { Env } from '../env.ts'

interface ProfileStub {
  read(): Promise<VoiceProfile>
  write(text: string): Promise<VoiceProfile>
}

export async function readProfile(env: Env, deskId: string): Promise<VoiceProfile> {
  return stubOf(env, deskId).read()
}

/** The whole profile; the last write wins. */
export async function writeProfile(env: Env, deskId: string, profile: VoiceProfile): Promise<VoiceProfile> {
  return stubOf(env, deskId).write(inAscii(JSON.stringify(profile)))
}

function stubOf(env: Env, deskId: string): ProfileStub {
  return proxyDurable(env.PROFILE, { name: 'PROFILE', parse: true }).get(profileId(deskId)) as ProfileStub
}

/** itty-durable sends arguments in a header, and a header has no letters beyond Latin-1. */
function inAscii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
