import type { TwimlNode } from '../twiml/document.ts'
import { targetOf } from './attributes.ts'
import type { MediaInput, StreamRequest, Track } from './media-input.ts'
import { FORKS_MAX, type MediaStream, STREAMS_KEPT_MAX, type StreamTrack } from './media-world.ts'
import { alert, fact, intend, type Turn } from './turn.ts'
import { type Call, isLive, newSid } from './world.ts'

/** Media Streams: https://www.twilio.com/docs/voice/media-streams */

const PARAMETER_CHARS_MAX = 500
const TRACKS: Record<StreamTrack, Track[]> = {
  inbound_track: ['inbound'],
  outbound_track: ['outbound'],
  both_tracks: ['inbound', 'outbound'],
}

export function isTrack(text: string): text is StreamTrack {
  return text in TRACKS
}

/** Why a stream's URL is refused, with Twilio's code; null when it is good. */
export function urlProblem(url: string): { code: number; message: string } | null {
  if (!URL.canParse(url)) return { code: 31923, message: `Stream: not a URL: ${url}` }
  const { protocol, search } = new URL(url)
  if (protocol !== 'wss:') return { code: 31922, message: `Stream: the URL must begin with wss://, not ${url}` }
  // https://www.twilio.com/docs/voice/twiml/stream#attributes-url : parameters go into <Parameter>
  if (search !== '') return { code: 31923, message: `Stream: the URL may have no query string: ${url}` }
  return null
}

/** `<Parameter>` children, name and value together at most 500 characters. */
export function parametersOf(turn: Turn, call: Call, noun: TwimlNode): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const { name: element, attributes } of noun.children) {
    const { name = '', value = '' } = attributes
    if (element !== 'Parameter' || name === '') continue
    if (name.length + value.length > PARAMETER_CHARS_MAX) {
      alert(turn, call, 12200, `<Parameter> ${name}: more than ${PARAMETER_CHARS_MAX} characters; it was left out`)
    } else parameters[name] = value
  }
  return parameters
}

/** `<Stream>` of `<Connect>` or `<Start>`. Null when it cannot be opened; the reason is in the log. */
export function streamOfNoun(turn: Turn, call: Call, noun: TwimlNode, bidirectional: boolean): MediaStream | null {
  const { url = '', name = '', track = 'inbound_track', statusCallback, statusCallbackMethod } = noun.attributes
  if (!isTrack(track) || (bidirectional && track !== 'inbound_track')) {
    alert(turn, call, 12200, `Schema validation warning: track="${track}" is not allowed in this <Stream>`)
  }
  const request: StreamRequest = {
    url,
    name,
    track: isTrack(track) && !bidirectional ? track : 'inbound_track',
    callback: targetOf(call, statusCallback, statusCallbackMethod),
    parameters: parametersOf(turn, call, noun),
  }
  return openStream(turn, call, request, bidirectional)
}

export function liveStreams(turn: Turn, call: Call): MediaStream[] {
  return [...turn.world.media.streams.values()].filter(
    stream => stream.callSid === call.sid && stream.status === 'in-progress',
  )
}

/**
 * Whether a call may have one more copy of its sound. Streams, transcriptions and asynchronous detection share the
 * limit; a refusal is logged.
 */
export function room(turn: Turn, call: Call, forks: number, what: string): boolean {
  const listening = call.detection?.async === true && call.answeredBy === null ? 1 : 0
  if (forks + listening < FORKS_MAX) return true
  // Twilio's code for this is not known, so it is a remark (code 0).
  alert(turn, call, 0, `a call's sound is copied ${FORKS_MAX} times at most; ${what} was not started`)
  return false
}

export function openStream(turn: Turn, call: Call, request: StreamRequest, bidirectional: boolean): MediaStream | null {
  const { streams } = turn.world.media
  const problem = urlProblem(request.url)
  if (problem !== null) {
    alert(turn, call, problem.code, problem.message)
    return null
  }
  const transcriptions = [...turn.world.media.transcriptions.values()].filter(
    one => one.callSid === call.sid && one.status === 'in-progress',
  )
  const forks = liveStreams(turn, call).filter(stream => !stream.bidirectional)
  if (!bidirectional && !room(turn, call, forks.length + transcriptions.length, request.url)) return null
  forgetOldest(streams)
  const { url, name, track, callback, parameters } = request
  const stream: MediaStream = {
    sid: newSid(turn.world, 'MZ'),
    callSid: call.sid,
    name,
    url,
    track,
    bidirectional,
    status: 'in-progress',
    opened: false,
    callback,
    parameters,
    createdAt: turn.at,
    updatedAt: turn.at,
  }
  streams.set(stream.sid, stream)
  fact(turn, { kind: 'stream-created', callSid: call.sid, streamSid: stream.sid, url })
  const tracks = TRACKS[track]
  intend(turn, { do: 'stream-open', callSid: call.sid, streamSid: stream.sid, url, tracks, bidirectional, parameters })
  return stream
}

function forgetOldest(streams: Map<string, MediaStream>): void {
  if (streams.size < STREAMS_KEPT_MAX) return
  for (const [sid, stream] of streams) {
    if (stream.status === 'stopped') {
      streams.delete(sid)
      return
    }
  }
}

function tell(turn: Turn, stream: MediaStream, event: string, error: string | null): void {
  if (stream.callback === null) return
  intend(turn, {
    do: 'notify',
    webhook: 'stream',
    lane: `stream ${stream.sid}`,
    callSid: stream.callSid,
    target: stream.callback,
    fields: {
      AccountSid: turn.world.account.accountSid,
      CallSid: stream.callSid,
      StreamSid: stream.sid,
      StreamName: stream.name === '' ? stream.sid : stream.name,
      StreamEvent: event,
      ...(error === null ? {} : { StreamError: error }),
      Timestamp: new Date(turn.at).toISOString(),
    },
  })
}

/** The network ends the stream: `stop` is sent, the socket closed. */
export function stopStream(turn: Turn, stream: MediaStream): void {
  if (stream.status === 'stopped') return
  intend(turn, { do: 'stream-close', callSid: stream.callSid, streamSid: stream.sid })
  endStream(turn, stream, null)
}

function endStream(turn: Turn, stream: MediaStream, error: string | null): void {
  stream.status = 'stopped'
  stream.updatedAt = turn.at
  fact(turn, { kind: 'stream-stopped', callSid: stream.callSid, streamSid: stream.sid, error })
  if (error !== null) tell(turn, stream, 'stream-error', error)
  else if (stream.opened) tell(turn, stream, 'stream-stopped', null)
}

export function stopStreams(turn: Turn, call: Call): void {
  for (const stream of liveStreams(turn, call)) stopStream(turn, stream)
}

/** By SID or by name. */
export function findStream(turn: Turn, call: Call, sidOrName: string): MediaStream | undefined {
  return liveStreams(turn, call).find(stream => stream.sid === sidOrName || stream.name === sidOrName)
}

/** Keys of the far end are sent to a connected program. */
export function streamDigits(turn: Turn, call: Call, digits: string): void {
  for (const stream of liveStreams(turn, call)) {
    if (stream.bidirectional && stream.opened) {
      intend(turn, { do: 'stream-dtmf', callSid: call.sid, streamSid: stream.sid, digits })
    }
  }
}

type StreamInput = Extract<MediaInput, { streamSid: string }>

/** Returns a stream that has just ended, for a `<Connect>` that may wait for it. */
export function takeStreamInput(turn: Turn, input: StreamInput): MediaStream | null {
  const stream = turn.world.media.streams.get(input.streamSid)
  const call = stream && turn.world.calls.get(stream.callSid)
  if (!stream || !call || stream.status === 'stopped' || !isLive(call)) return null
  switch (input.kind) {
    case 'stream.opened':
      stream.opened = true
      stream.updatedAt = turn.at
      fact(turn, { kind: 'stream-started', callSid: call.sid, streamSid: stream.sid })
      tell(turn, stream, 'stream-started', null)
      return null
    case 'stream.stopped':
      stopStream(turn, stream)
      return stream
    case 'stream.lost': {
      alert(turn, call, input.code, input.message)
      // The program of a `<Connect>` ends it by closing the socket, which is no error.
      endStream(turn, stream, input.wasOpen && stream.bidirectional ? null : input.message)
      return stream
    }
  }
}
