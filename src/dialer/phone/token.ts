/** The carrier's access token, from our own server (S4-22, S4-28). */
import type { VoiceToken } from '../../wire/api.ts'
import { ApiProblem, ask } from '../api.ts'

const TRIES = 3
const BACKOFF_MS = 400

export class TokenRefused extends Error {}

/**
 * Requests `GET /api/twilio/token` with three tries. Throws `TokenRefused` if the server refuses (signed out, or no right to
 * call), and a plain error if it cannot be reached.
 */
export async function fetchVoiceToken(): Promise<VoiceToken> {
  let last: unknown
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await new Promise(resolve => setTimeout(resolve, BACKOFF_MS * 2 ** tried))
    try {
      return await ask('GET /api/twilio/token')
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 403))
        throw new TokenRefused(`token: ${error.status}`)
      last = error
    }
  }
  throw last
}
