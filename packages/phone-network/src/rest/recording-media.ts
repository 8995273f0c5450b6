import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Driver } from '../driver.ts'
import { writeMp3 } from '../media/mp3.ts'
import { writeWav } from '../media/wav.ts'
import { withChannels } from '../recordings/recordings.ts'
import { errorBody, notFound } from './rest-error.ts'

/**
 * The sound of a recording: `…/Recordings/RE….wav`, `.mp3`, or without an ending. No password is needed, as with Twilio
 * unless an account asks for it: https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file
 */

const PATH =
  /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})\/(?:(?:Calls|Conferences)\/\w+\/)?Recordings\/(RE[0-9a-f]{32})(\.wav|\.mp3)?$/

/** Answers a request for a recording's sound. False when the request is for something else. */
export function answerRecordingMedia(
  driver: Driver,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const [, accountSid, recordingSid = '', ending] = PATH.exec(url.pathname) ?? []
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (accountSid === undefined || !reads) return false
  const recording = driver.world.media.recordings.get(recordingSid)
  const voices = driver.recordings.voices(recordingSid)
  const own = accountSid === driver.world.account.accountSid
  if (!own || !voices || recording?.status !== 'completed') {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(errorBody(notFound(url.pathname))))
    return true
  }
  const wanted = url.searchParams.get('RequestedChannels')
  const channels = wanted === '1' ? 1 : wanted === '2' ? 2 : recording.channels
  const played = withChannels(voices, channels)
  const send = (type: string, bytes: Uint8Array): void => {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length })
    response.end(request.method === 'HEAD' ? undefined : bytes)
  }
  if (ending !== '.mp3') send('audio/x-wav', writeWav(played))
  else {
    writeMp3(played).then(
      bytes => send('audio/mpeg', bytes),
      (error: unknown) => {
        console.error('phone network: MP3:', error)
        response.writeHead(500).end()
      },
    )
  }
  return true
}
