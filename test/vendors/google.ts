/**
 * Google as its REST references describe it: the token endpoint of service accounts and Speech-to-Text v1
 * `speech:recognize`. Signatures are checked with node:crypto.
 */
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { hear } from './spelled-sound.ts'
import {
  Refused,
  type Seen,
  sendJson,
  startVendor,
  type VendorServer,
  wantHeader,
  wantJson,
  wantQuery,
} from './vendor-server.ts'

const KEYS = { right: keyPair(), wrong: keyPair() }

function keyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}

/** The key file of an account there; a wrong one is signed with a key that Google does not know. */
export function googleKeyFile(url: string, right = true): Record<string, string> {
  return {
    type: 'service_account',
    project_id: 'acme',
    private_key_id: right ? 'k1' : 'k2',
    private_key: (right ? KEYS.right : KEYS.wrong).privateKey,
    client_email: 'calls@acme.iam.example.test',
    token_uri: `${url}/token`,
  }
}

export interface GoogleServer extends VendorServer {
  /** Every token that was given so far is refused from now on. */
  withdrawTokens(): void
}

export async function startGoogle(): Promise<GoogleServer> {
  const tokens = new Set<string>()
  let given = 0
  const server = await startVendor({
    name: 'google',
    error: (status, message) => ({ error: { code: status, message, status: 'INVALID_ARGUMENT' } }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST') throw new Refused(404, `nothing at ${seen.method}`)
      if (seen.path === '/token') {
        checkAssertion(seen, `${server.url}/token`)
        given += 1
        tokens.add(`token-${given}`)
        return sendJson(response, 200, { access_token: `token-${given}`, expires_in: 3599, token_type: 'Bearer' })
      }
      if (seen.path !== '/v1/speech:recognize') throw new Refused(404, `nothing at ${seen.path}`)
      wantQuery(seen, {})
      const token = (seen.headers.authorization ?? '').replace('Bearer ', '')
      if (!tokens.has(token)) return sendJson(response, 401, { error: { code: 401, status: 'UNAUTHENTICATED' } })
      if (cut) return void response.destroy()
      sendJson(response, 200, recognised(seen))
    },
  })
  return Object.assign(server, { withdrawTokens: () => tokens.clear() })
}

function checkAssertion(seen: Seen, audience: string): void {
  wantHeader(seen, 'content-type', 'application/x-www-form-urlencoded')
  const form = new URLSearchParams(seen.body.toString())
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') throw new Refused(400, 'grant_type')
  const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  if (read(header).alg !== 'RS256' || read(header).typ !== 'JWT') throw new Refused(400, 'not a JWT of RS256')
  const { iss, aud, scope, iat, exp } = read(claims)
  if (iss !== 'calls@acme.iam.example.test' || aud !== audience) throw new Refused(400, 'iss or aud')
  if (scope !== 'https://www.googleapis.com/auth/cloud-platform') throw new Refused(400, 'scope')
  const age = Date.now() / 1000 - Number(iat)
  if (age < -30 || age > 30 || Number(exp) - Number(iat) > 3_600) throw new Refused(400, 'iat or exp')
  const good = createVerify('RSA-SHA256')
    .update(`${header}.${claims}`)
    .verify(KEYS.right.publicKey, signature, 'base64url')
  if (!good) throw new Refused(401, 'invalid_grant: Invalid JWT Signature.')
}

const CONFIG = {
  encoding: 'MULAW',
  sampleRateHertz: 8000,
  languageCode: 'en-US',
  audioChannelCount: 1,
  enableAutomaticPunctuation: true,
  maxAlternatives: 1,
  model: 'phone_call',
  useEnhanced: true,
}

function recognised(seen: Seen): unknown {
  const body = wantJson(seen, ['config', 'audio'])
  const { speechContexts, ...config } = body.config as Record<string, unknown>
  if (JSON.stringify(config) !== JSON.stringify(CONFIG)) throw new Refused(400, `config ${JSON.stringify(config)}`)
  const phrases = (speechContexts as { phrases: unknown[] }[] | undefined)?.flatMap(context => context.phrases) ?? []
  if (phrases.some(phrase => typeof phrase !== 'string')) throw new Refused(400, 'phrases')
  const { content } = body.audio as { content: string }
  const sound = Buffer.from(content, 'base64')
  if (sound.toString('base64') !== content) throw new Refused(400, 'not base64')
  if (sound.length > 60 * 8_000) throw new Refused(400, 'Sync input too long.')
  const words = hear(sound)
  const billed = { totalBilledTime: '15s', requestId: '1' }
  if (words.length === 0) return billed
  const transcript = words.map(word => word.text).join(' ')
  return {
    results: [{ alternatives: [{ transcript, confidence: 0.9 }], resultEndTime: '1s', languageCode: 'en-us' }],
    ...billed,
  }
}
