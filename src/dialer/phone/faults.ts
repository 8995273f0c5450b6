/**
 * Translates errors of browsers and of the SDK to a `PhoneFault`, and a fault to words and advice.
 * Codes: voice-sdk 2.18.5 `errors/generated.ts` (20101, 20104, 31205, 31401, 31402, 53405) and Twilio's error list.
 */
import type { PhoneFault } from './port.ts'

/** `getUserMedia` names (W3C Media Capture and Streams §10.3). */
export function microphoneFault(error: unknown): PhoneFault {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphone-refused'
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'no-microphone'
  if (name === 'NotReadableError' || name === 'AbortError') return 'microphone-busy'
  return 'unsupported'
}

const CODES: Record<number, PhoneFault> = {
  20101: 'token-refused',
  20104: 'token-expired',
  31201: 'token-refused',
  31204: 'token-refused',
  31205: 'token-expired',
  31401: 'microphone-refused',
  31402: 'no-microphone',
  53405: 'media-blocked',
  53407: 'media-blocked',
}

export function sdkFault(error: unknown): PhoneFault {
  const code = typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0
  return CODES[code] ?? 'offline'
}

export interface FaultWords {
  title: string
  fix: string
}

const WORDS: Record<PhoneFault, FaultWords> = {
  'microphone-refused': {
    title: 'The microphone is blocked',
    fix: 'Press the microphone or lock sign beside the address, choose Allow, then try again.',
  },
  'no-microphone': { title: 'No microphone was found', fix: 'Plug in a headset, then try again.' },
  'microphone-busy': {
    title: 'Another program uses the microphone',
    fix: 'Close the other program, or choose another microphone, then try again.',
  },
  unsupported: {
    title: 'This browser cannot make calls',
    fix: 'Use a current Chrome, Edge, Firefox or Safari, over https or on this computer.',
  },
  'token-refused': {
    title: 'The phone was not let in',
    fix: 'Sign out and in again. If it stays so, the calling account needs checking by an administrator.',
  },
  'token-expired': { title: 'The phone pass has expired', fix: 'A new one is being fetched.' },
  offline: { title: 'Phone offline, retrying', fix: 'Check the network. Calls already on the line go on.' },
  'claim-refused': {
    title: 'The server did not give the phone to this tab',
    fix: 'Try again. If it stays so, reload the page.',
  },
  'media-blocked': {
    title: 'The network blocks sound',
    fix: 'The call was set up, but its sound (UDP) cannot pass. Try another network, or ask for the firewall to let it through.',
  },
}

export function faultWords(fault: PhoneFault): FaultWords {
  return WORDS[fault]
}
