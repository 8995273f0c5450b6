import { fileURLToPath } from 'node:url'
import type { PhoneNetwork } from './phone-network.ts'

/**
 * The environment variables with which an unmodified program takes this network for Twilio: the account under the names
 * that quickstarts use, and `redirect.cjs` in `NODE_OPTIONS`, which turns a Node program's connections to Twilio's hosts.
 * `openAi` turns api.openai.com too, so that the program talks without a key.
 * Throws when the network has no TLS port, because Twilio's hosts are reached over https.
 */
export function environmentOf(
  { account, tlsPort, control }: Pick<PhoneNetwork, 'account' | 'tlsPort' | 'control'>,
  nodeOptions = process.env.NODE_OPTIONS ?? '',
  openAi = false,
): Record<string, string> {
  if (tlsPort === null) throw new Error('a program that is redirected needs a network with a tlsPort')
  const [number = ''] = control.world().numbers.map(one => one.number)
  const redirect = fileURLToPath(new URL('./redirect.cjs', import.meta.url).href)
  return {
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_API_KEY: account.apiKeySid,
    TWILIO_API_KEY_SID: account.apiKeySid,
    TWILIO_API_SECRET: account.apiKeySecret,
    TWILIO_API_KEY_SECRET: account.apiKeySecret,
    TWILIO_TWIML_APP_SID: account.twimlAppSid,
    TWILIO_PHONE_NUMBER: number,
    PHONE_NETWORK: `127.0.0.1:${tlsPort}`,
    // Any key is accepted; a program without one would not start.
    ...(openAi ? { PHONE_NETWORK_OPENAI: '1', OPENAI_API_KEY: 'demo' } : {}),
    // A path with spaces needs the quotes, and within them Node reads a backslash as an escape.
    NODE_OPTIONS: `${nodeOptions} --require "${redirect.replaceAll('\\', '\\\\')}"`.trim(),
  }
}
