import type { TwimlNode } from '../twiml/document.ts'
import { isTrue, targetOf } from './attributes.ts'
import type { TranscriptionInput } from './media-input.ts'
import { TRANSCRIPTIONS_KEPT_MAX, type Transcription, type TranscriptionRequest } from './media-world.ts'
import { recognise } from './recogniser.ts'
import { bridgedTo } from './runs.ts'
import { isTrack, liveStreams, room } from './streams.ts'
import { fact, intend, type Turn } from './turn.ts'
import { type Call, isLive, newSid } from './world.ts'

/**
 * Real-time transcription: https://www.twilio.com/docs/voice/twiml/transcription . The words of scripted people and of
 * the network's own voice are known. What a browser or a microphone says is not known, and nothing is reported for it.
 */

export function transcriptionOfNoun(turn: Turn, call: Call, { attributes }: TwimlNode): void {
  const { track = 'both_tracks', statusCallbackUrl, statusCallbackMethod } = attributes
  startTranscription(turn, call, {
    name: attributes.name ?? '',
    track: isTrack(track) ? track : 'both_tracks',
    callback: targetOf(call, statusCallbackUrl, statusCallbackMethod),
    partialResults: isTrue(attributes.partialResults, false),
    languageCode: attributes.languageCode ?? 'en-US',
    engine: attributes.transcriptionEngine ?? 'google',
    labels: { inbound: attributes.inboundTrackLabel ?? '', outbound: attributes.outboundTrackLabel ?? '' },
  })
}

export function liveTranscriptions(turn: Turn, call: Call): Transcription[] {
  return [...turn.world.media.transcriptions.values()].filter(
    one => one.callSid === call.sid && one.status === 'in-progress',
  )
}

/** A transcription counts as a copy of the call's sound. */
function startTranscription(turn: Turn, call: Call, request: TranscriptionRequest): void {
  const forks = liveStreams(turn, call).filter(stream => !stream.bidirectional).length
  if (!room(turn, call, forks + liveTranscriptions(turn, call).length, 'a transcription')) return
  const { transcriptions } = turn.world.media
  if (transcriptions.size >= TRANSCRIPTIONS_KEPT_MAX) {
    const oldest = [...transcriptions.values()].find(one => one.status === 'stopped')
    if (oldest) transcriptions.delete(oldest.sid)
  }
  const transcription: Transcription = {
    ...request,
    sid: newSid(turn.world, 'GT'),
    callSid: call.sid,
    status: 'in-progress',
    sequence: 0,
    updatedAt: turn.at,
  }
  transcriptions.set(transcription.sid, transcription)
  fact(turn, { kind: 'transcription-started', callSid: call.sid, transcriptionSid: transcription.sid })
  const { labels, partialResults, engine } = transcription
  tell(turn, transcription, 'transcription-started', {
    TranscriptionEngine: engine,
    ProviderConfiguration: '{}',
    PartialResults: String(partialResults),
    Track: transcription.track,
    ...(labels.inbound === '' ? {} : { InboundTrackLabel: labels.inbound }),
    ...(labels.outbound === '' ? {} : { OutboundTrackLabel: labels.outbound }),
  })
}

function tell(turn: Turn, transcription: Transcription, event: string, more: Record<string, string>): void {
  if (transcription.callback === null) return
  transcription.sequence += 1
  const { sid, callSid, callback, languageCode, name, sequence } = transcription
  intend(turn, {
    do: 'notify',
    webhook: 'transcription',
    lane: `transcription ${sid}`,
    callSid,
    target: callback,
    fields: {
      AccountSid: turn.world.account.accountSid,
      CallSid: callSid,
      TranscriptionSid: sid,
      ...(name === '' ? {} : { TranscriptionName: name }),
      TranscriptionEvent: event,
      SequenceNumber: String(sequence),
      Timestamp: new Date(turn.at).toISOString(),
      LanguageCode: languageCode,
      ...more,
    },
  })
}

export function stopTranscription(turn: Turn, transcription: Transcription): void {
  if (transcription.status === 'stopped') return
  transcription.status = 'stopped'
  transcription.updatedAt = turn.at
  const { callSid, sid: transcriptionSid } = transcription
  fact(turn, { kind: 'transcription-stopped', callSid, transcriptionSid })
  tell(turn, transcription, 'transcription-stopped', {})
}

export function stopTranscriptions(turn: Turn, call: Call): void {
  for (const transcription of liveTranscriptions(turn, call)) stopTranscription(turn, transcription)
}

/** Report a sentence on one track of this call. */
function words(turn: Turn, call: Call, track: 'inbound_track' | 'outbound_track', text: string): void {
  for (const transcription of liveTranscriptions(turn, call)) {
    if (transcription.track !== 'both_tracks' && transcription.track !== track) continue
    const heard = recognise(turn.world, text)
    const first = heard.text.split(' ')
    if (transcription.partialResults && first.length > 1) {
      const half = first.slice(0, Math.ceil(first.length / 2)).join(' ')
      const data = JSON.stringify({ transcript: half })
      const more = { Track: track, TranscriptionData: data, Final: 'false', Stability: '0.9' }
      tell(turn, transcription, 'transcription-content', more)
    }
    const data = JSON.stringify({ transcript: heard.text, confidence: heard.confidence })
    tell(turn, transcription, 'transcription-content', { Track: track, TranscriptionData: data, Final: 'true' })
  }
}

/** A person has said a sentence: it is inbound on its own leg, and outbound on the legs that hear it. */
export function transcribePerson(turn: Turn, call: Call, text: string): void {
  if (turn.world.media.transcriptions.size === 0) return
  words(turn, call, 'inbound_track', text)
  const conference = call.conferenceSid === null ? undefined : turn.world.conferences.get(call.conferenceSid)
  const here = conference?.participants.get(call.sid)
  const others = new Set(bridgedTo(turn, call).map(({ sid }) => sid))
  if (here && !here.muted && !here.held) for (const sid of conference?.participants.keys() ?? []) others.add(sid)
  others.delete(call.sid)
  for (const sid of others) {
    const other = turn.world.calls.get(sid)
    if (other) words(turn, other, 'outbound_track', text)
  }
}

/** The network has said a sentence to the far end. */
export function transcribeNetwork(turn: Turn, call: Call, text: string): void {
  if (turn.world.media.transcriptions.size > 0) words(turn, call, 'outbound_track', text)
}

/** By SID or by name. */
export function findTranscription(turn: Turn, call: Call, sidOrName: string): Transcription | undefined {
  return liveTranscriptions(turn, call).find(one => one.sid === sidOrName || one.name === sidOrName)
}

export function takeTranscriptionInput(turn: Turn, input: TranscriptionInput): void {
  if (input.kind === 'transcription.requested') {
    const call = turn.world.calls.get(input.ownerSid)
    if (call && isLive(call)) startTranscription(turn, call, input.request)
    return
  }
  const transcription = turn.world.media.transcriptions.get(input.transcriptionSid)
  if (transcription) stopTranscription(turn, transcription)
}
