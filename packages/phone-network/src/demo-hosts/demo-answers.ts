import { writeWav } from '../media/wav.ts'
import { parseUrl } from '../request-url.ts'
import { bucketMusic, classic, cowbell } from './demo-sounds.ts'

/**
 * Answers on this machine for the hosts of Twilio's documentation: the TwiML and the sounds that its samples name, and
 * the hold-music twimlet. Nothing is fetched from outside.
 */

export interface DemoAnswer {
  status: number
  contentType: string
  bytes: Uint8Array
}

const MUSIC_HOST = /^(com\.twilio\.music\.[a-z-]{1,40})\.s3\.amazonaws\.com$/
const BUCKET = /^com\.twilio\.music\.[a-z-]{1,40}$/
const BUCKET_USUAL = 'com.twilio.music.ambient'
/** Of the sentence between the pieces of music. */
const MESSAGE_CHARS_MAX = 1_000

const sounds = new Map<string, Uint8Array>()

/** Computing music takes a while, so each is made once. */
function sound(name: string, make: () => Uint8Array): DemoAnswer {
  const known = sounds.get(name) ?? writeWav([make()])
  if (sounds.size < 32) sounds.set(name, known)
  return { status: 200, contentType: 'audio/wav', bytes: known }
}

function twiml(verbs: string): DemoAnswer {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`
  return { status: 200, contentType: 'text/xml', bytes: Buffer.from(xml) }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function missing(): DemoAnswer {
  return { status: 404, contentType: 'text/plain', bytes: Buffer.from('not found') }
}

/** The twimlet plays its music for ever. A bucket of somebody else is not read: its music is ours. */
function holdMusicTwimlet(query: URLSearchParams): DemoAnswer {
  const wanted = query.get('Bucket') ?? BUCKET_USUAL
  const bucket = BUCKET.test(wanted) ? wanted : BUCKET_USUAL
  const message = (query.get('Message') ?? '').slice(0, MESSAGE_CHARS_MAX)
  const say = message === '' ? '' : `<Say>${escaped(message)}</Say>`
  return twiml(`<Play>http://${bucket}.s3.amazonaws.com/hold.mp3</Play>${say}<Redirect/>`)
}

/** The answer to this URL; null when it is on none of these hosts, or is Twilio's API. */
export function demoAnswer(configured: string): DemoAnswer | null {
  const url = parseUrl(configured)
  if (url === null || !/^https?:$/.test(url.protocol) || url.port !== '') return null
  const path = url.pathname.toLowerCase()
  const bucket = MUSIC_HOST.exec(url.hostname)?.[1]
  if (bucket !== undefined) return path.endsWith('.mp3') ? sound(bucket, () => bucketMusic(bucket)) : missing()
  switch (url.hostname) {
    case 'api.twilio.com':
      return path === '/cowbell.mp3' ? sound('cowbell', cowbell) : null
    case 'demo.twilio.com':
      if (path === '/docs/classic.mp3') return sound('classic', classic)
      if (!/^\/(docs\/voice\.xml|welcome\/voice\/?)$/.test(path)) return missing()
      return twiml(
        '<Say>Thank you for trying our documentation.</Say><Play>http://demo.twilio.com/docs/classic.mp3</Play>',
      )
    case 'twimlets.com':
    case 'www.twimlets.com':
      return path === '/holdmusic' ? holdMusicTwimlet(url.searchParams) : missing()
    default:
      return null
  }
}
