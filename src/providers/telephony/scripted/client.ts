/** The port over the scripted carrier. Its answers are classified here, as those of a real carrier are. */
import { recordingId } from '../../../core/ids.ts'
import { phoneName } from '../../../core/phone-names.ts'
import { wavOf } from '../../../sound/wav.ts'
import type {
  Carried,
  CarrierCall,
  CarrierFailure,
  CarrierRecording,
  CarrierRoom,
  DeskPhone,
  ParticipantVoice,
  PlaceCall,
  RecordedMessage,
  ScriptedAccount,
  StreamName,
  Telephony,
} from '../port.ts'
import { accountUrl, callUrls, streamToken } from './callback-urls.ts'
import type { ScriptedNetwork } from './network.ts'
import { statusOf } from './statuses.ts'
import { roleOf } from './webhooks.ts'
import type { Answer, Fields, Operation, Tape } from './wire.ts'

const SILENCE_SAMPLES = 800

function addressOf(to: string | DeskPhone): string {
  return typeof to === 'string' ? to : `phone:${phoneName(to.deskId)}`
}

export class ScriptedTelephony implements Telephony {
  readonly account: ScriptedAccount
  readonly #network: ScriptedNetwork
  readonly #now: () => number

  constructor(account: ScriptedAccount, network: ScriptedNetwork, now: () => number) {
    this.account = account
    this.#network = network
    this.#now = now
  }

  async createCall(call: PlaceCall): Promise<Carried<CarrierCall>> {
    const { callId, batchId, to, from, ringLimitMs, record, amd: detect, extension } = call
    const wanted = {
      ...callUrls(this.account, callId, batchId),
      to: addressOf(to),
      from,
      ringLimitMs,
      record: record ? recordingId(callId, 'order', 1) : null,
      detect,
      digits: extension,
    }
    return this.#call('create', { wanted })
  }

  async cancelCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('stop', { id: providerId })
  }

  async completeCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('end', { id: providerId })
  }

  async redirectCall(providerId: string, callId: string, batchId: string | null): Promise<Carried<CarrierCall>> {
    return this.#call('ask-again', { id: providerId, asks: callUrls(this.account, callId, batchId).asks })
  }

  async fetchCall(providerId: string): Promise<Carried<CarrierCall>> {
    return this.#call('read', { id: providerId })
  }

  async findCall(to: string | DeskPhone, from: string, sinceMs: number): Promise<Carried<CarrierCall | null>> {
    const answer = this.#request('list', { to: addressOf(to), from, sinceMs })
    return answer.ok ? { ok: true, value: answer.value.call ? callOf(answer.value.call) : null } : answer
  }

  async startRecording(providerId: string, _callId: string, name: string): Promise<Carried<string>> {
    const answer = this.#request('tape', { id: providerId, name })
    return answer.ok ? { ok: true, value: answer.value.recording ?? '' } : answer
  }

  async stopRecording(providerId: string): Promise<Carried<null>> {
    const answer = this.#request('tape-end', { id: providerId })
    return answer.ok ? { ok: true, value: null } : answer
  }

  async pauseRecording(providerId: string): Promise<Carried<null>> {
    return this.#done('tape-pause', { id: providerId, held: true })
  }

  async resumeRecording(providerId: string): Promise<Carried<null>> {
    return this.#done('tape-pause', { id: providerId, held: false })
  }

  async recordingsOf(providerId: string): Promise<Carried<CarrierRecording[]>> {
    return this.#tapes('tapes', { id: providerId })
  }

  async recordingsOfRoom(conferenceId: string): Promise<Carried<CarrierRecording[]>> {
    return this.#tapes('room-tapes', { conferenceId })
  }

  async stopRoomRecording(conferenceId: string): Promise<Carried<null>> {
    return this.#done('room-tape-end', { conferenceId })
  }

  #tapes(operation: 'tapes' | 'room-tapes', fields: Fields): Carried<CarrierRecording[]> {
    const answer = this.#request(operation, fields)
    if (!answer.ok) return answer.failure.kind === 'gone' ? { ok: true, value: [] } : answer
    const listed = ({ id, seconds, ended, message }: Tape) => {
      return { recordingId: id, status: ended ? 'completed' : 'in-progress', seconds: ended ? seconds : null, message }
    }
    return { ok: true, value: (answer.value.tapes ?? []).map(listed) }
  }

  async recordingSound(recordingId: string): Promise<Response> {
    if (!this.#request('sound', { id: recordingId }).ok) return new Response(null, { status: 404 })
    return new Response(wavOf(new Int16Array(SILENCE_SAMPLES), 8_000), { headers: { 'Content-Type': 'audio/wav' } })
  }

  async messagesOf(providerId: string): Promise<Carried<RecordedMessage[]>> {
    const answer = this.#request('messages', { id: providerId })
    if (!answer.ok) return answer.failure.kind === 'gone' ? { ok: true, value: [] } : answer
    return {
      ok: true,
      value: (answer.value.messages ?? []).map(({ id, seconds }) => ({ recordingId: id, seconds })),
    }
  }

  async removeRecording(recordingId: string): Promise<Carried<null>> {
    const answer = this.#done('erase', { id: recordingId })
    return answer.ok || answer.failure.kind === 'gone' ? { ok: true, value: null } : answer
  }

  async whisperSummary(conferenceId: string, providerId: string, callId: string): Promise<Carried<null>> {
    return this.#done('announce', { conferenceId, id: providerId, asks: callUrls(this.account, callId).events })
  }

  async listRoom(room: string): Promise<Carried<CarrierRoom | null>> {
    const answer = this.#request('who-is-in', { room })
    if (!answer.ok) return answer
    const { conference, present = [] } = answer.value
    if (conference === undefined) return { ok: true, value: null }
    const participants = present.map(({ id, as, muted, held }) => {
      return { callId: as.callId, role: roleOf(as.role), providerId: id, muted, held }
    })
    return { ok: true, value: { conferenceId: conference, participants } }
  }

  async holdParticipant(conferenceId: string, providerId: string, held: boolean): Promise<Carried<null>> {
    return this.#done('hold', { conferenceId, id: providerId, held, asks: accountUrl(this.account) })
  }

  async muteParticipant(conferenceId: string, providerId: string, muted: boolean): Promise<Carried<null>> {
    return this.#done('mute', { conferenceId, id: providerId, muted })
  }

  async voiceParticipant(conferenceId: string, providerId: string, voice: ParticipantVoice): Promise<Carried<null>> {
    const only = voice.heardBy === 'one' ? voice.coached : null
    return this.#done('voice', { conferenceId, id: providerId, muted: voice.heardBy === 'nobody', only })
  }

  async removeParticipant(conferenceId: string, providerId: string): Promise<Carried<null>> {
    return this.#done('remove', { conferenceId, id: providerId })
  }

  /** Nothing is heard on this carrier, so no socket comes. */
  async copySound(providerId: string): Promise<Carried<null>> {
    return this.#done('copy', { id: providerId })
  }

  async endCopy(providerId: string): Promise<Carried<null>> {
    const answer = this.#done('copy-end', { id: providerId })
    return answer.ok || answer.failure.kind === 'gone' ? { ok: true, value: null } : answer
  }

  streamToken(callId: string, stream: StreamName): Promise<string> {
    return streamToken(this.account, callId, stream)
  }

  #call(operation: Operation, fields: Fields): Carried<CarrierCall> {
    const answer = this.#request(operation, fields)
    if (!answer.ok) return answer
    const { call } = answer.value
    return call ? { ok: true, value: callOf(call) } : failed({ kind: 'unknown', message: 'no call in the answer' })
  }

  #done(operation: Operation, fields: Fields): Carried<null> {
    const answer = this.#request(operation, fields)
    return answer.ok ? { ok: true, value: null } : answer
  }

  #request(operation: Operation, fields: Fields): Carried<Extract<Answer, { ok: true }>> {
    const answer = this.#network.request(operation, fields, this.#now())
    // Without an answer it is unknown whether the request was performed.
    if (answer === null) return failed({ kind: 'unknown', message: 'no answer' })
    if (answer.ok) return { ok: true, value: answer }
    switch (answer.error) {
      case 'gone':
        return failed({ kind: 'gone' })
      case 'slow-down':
        return failed({ kind: 'throttled', retryAfterMs: answer.waitMs })
      case 'refused':
        return failed({ kind: 'refused', code: answer.code, message: 'refused, as scripted' })
    }
  }
}

function failed(failure: CarrierFailure): { ok: false; failure: CarrierFailure } {
  return { ok: false, failure }
}

function callOf({ id, status }: { id: string; status: string }): CarrierCall {
  return { providerId: id, status: statusOf(status) ?? 'queued' }
}
