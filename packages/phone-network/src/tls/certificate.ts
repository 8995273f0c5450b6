import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/**
 * A self-signed certificate for Twilio's host names, made at each start and kept in memory only. Nobody should trust
 * it: programs skip the check for exactly these hosts (`redirect.cjs`, a browser's flag). X.509 v3 in DER, RFC 5280.
 */

export const HOSTS = [
  'twilio.com',
  '*.twilio.com',
  // Signalling and insights have the region or edge in their names.
  ...[
    'roaming',
    'us1',
    'ie1',
    'au1',
    'ashburn',
    'umatilla',
    'dublin',
    'frankfurt',
    'london',
    'singapore',
    'tokyo',
    'sydney',
    'sao-paulo',
  ].map(edge => `*.${edge}.twilio.com`),
  '*.twiliocdn.com',
  'localhost',
]

const DAY_MS = 86_400_000
const VALID_DAYS = 365
/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const SUBJECT_ALT_NAME = Buffer.from('0603551d11', 'hex')
const LOOPBACK = Buffer.from([127, 0, 0, 1])

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(body.length.toString(16).replace(/^(.(..)*)$/, '0$1'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts)

/** `YYMMDDHHMMSSZ` */
function utcTime(at: number): Buffer {
  return tlv(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-T:]/g, '')}Z`))
}

function nameOf(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(commonName)))))
}

function altNames(): Buffer {
  const names = [...HOSTS.map(host => tlv(0x82, Buffer.from(host))), tlv(0x87, LOOPBACK)]
  const extension = sequence(SUBJECT_ALT_NAME, tlv(0x04, sequence(...names)))
  return tlv(0xa3, sequence(extension))
}

function body(publicKey: KeyObject, now: number): Buffer {
  const serial = randomBytes(16)
  // Positive, and no leading zero.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  const name = nameOf('phone network, not Twilio')
  return sequence(
    tlv(0xa0, Buffer.from([2, 1, 2])),
    tlv(0x02, serial),
    sequence(ECDSA_SHA256),
    name,
    sequence(utcTime(now - DAY_MS), utcTime(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    altNames(),
  )
}

/** PEM texts for `https.createServer`. `now` is ms since 1970. */
export function makeCertificate(now: number): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signed = body(publicKey, now)
  const signature = sign('sha256', signed, privateKey)
  const der = sequence(signed, sequence(ECDSA_SHA256), tlv(0x03, Buffer.from([0]), signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
