/** The scripted carrier's webhooks: JSON, signed over the URL and the body, and the same events as every carrier's. */
import type { DialEnd } from '../../../core/call/state.ts'
import { isRecordingOf, parseId } from '../../../core/ids.ts'
import { deskNameOfPhone, workspaceOfPhone } from '../../../core/phone-names.ts'
import type { Role } from '../../../core/room/state.ts'
import { macOf } from '../mac.ts'
import { plainWord } from '../plain-word.ts'
import type { ScriptedAccount } from '../port.ts'
import {
  type CarrierDoor,
  type CarrierEvent,
  type PhoneWish,
  type RoomReport,
  UnreadableWebhook,
  unsigned,
  type Webhook,
} from '../webhook-port.ts'
import { documentFor } from './instructions.ts'
import { statusOf } from './statuses.ts'

const JSON_TYPE = 'application/json'
export const SIGNATURE_HEADER = 'X-Scripted-Signature'
export function roleOf(word: string | undefined): Role {
  return ROLES.find(one => one === word) ?? 'customer'
}

const ROLES: readonly Role[] = ['agent', 'customer', 'coach', 'listener', 'guest', 'moderator', 'ai']

type Body = Record<string, unknown>

export function signatureOf(account: ScriptedAccount, url: string, body: string): Promise<string> {
  return macOf(account.secret, `webhook ${url} ${body}`)
}

export const scriptedDoor: CarrierDoor<ScriptedAccount> = {
  contentType: JSON_TYPE,
  async open(account, webhook) {
    const wanted = await signatureOf(account, `${account.publicUrl}${webhook.pathAndQuery}`, webhook.body)
    if (webhook.header(SIGNATURE_HEADER) !== wanted) throw unsigned()
    return eventOf(webhook.path, bodyOf(webhook), account.workspaceId)
  },
  async isSignedUpgrade(account, pathname, header) {
    return header(SIGNATURE_HEADER) === (await signatureOf(account, `${account.publicUrl}${pathname}`, ''))
  },
  async document(account, callId, instructions) {
    return { contentType: JSON_TYPE, body: await documentFor(account, callId, instructions) }
  },
}

function bodyOf({ body }: Webhook): Body {
  try {
    const read: unknown = JSON.parse(body)
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Body
  } catch {
    // It is refused below, as every other body that is no object.
  }
  throw new UnreadableWebhook(400, 'The body is not a JSON object.')
}

function eventOf(path: string, body: Body, workspaceId: string): CarrierEvent | null {
  const [, of = '', id = '', word = '', legId = '', ...more] = path.split('/')
  if (of === 'calls' && word === 'events' && legId === '') {
    const callId = parseId('call', id, workspaceId)
    return callId === null ? null : ofCall(body, callId)
  }
  if (of === 'batches' && word === 'calls' && more.join() === 'events') {
    const [batchId, callId] = [parseId('batch', id, workspaceId), parseId('call', legId, workspaceId)]
    return batchId === null || callId === null ? null : ofLeg(body, batchId, callId)
  }
  if (of === 'rooms' && word === 'events' && legId === '') {
    const room = parseId('room', id, workspaceId)
    return room === null ? null : ofRoom(body, room)
  }
  return of === 'events' && id === '' ? ofAccount(body) : null
}

function ofLeg(body: Body, batchId: string, callId: string): CarrierEvent {
  const providerId = need(body, 'call')
  if (body.event === 'keyed') return digitsKeyed(body, callId)
  if (body.event === 'ask') return { kind: 'leg-asks', batchId, callId, providerId, verdict: null }
  if (body.event !== 'verdict') return { kind: 'other' }
  const verdict = need(body, 'verdict') === 'machine' ? 'machine' : 'human'
  return { kind: 'leg-judged', batchId, callId, verdict, id: `verdict:${providerId}` }
}

function digitsKeyed(body: Body, callId: string): CarrierEvent {
  const digits = typeof body.digits === 'string' ? body.digits : ''
  return {
    kind: 'digits-keyed',
    callId,
    token: need(body, 'token'),
    digits,
    number: need(body, 'person'),
    recordedMs: Number(body.recordedMs ?? 0),
  }
}

function ofCall(body: Body, callId: string): CarrierEvent {
  switch (body.event) {
    case 'ask':
      return { kind: 'call-asks', callId, providerId: need(body, 'call') }
    case 'keyed':
      return digitsKeyed(body, callId)
    case 'status':
      return reported(body, callId)
    case 'recording':
      return {
        kind: 'recording-reported',
        callId,
        ...recorded(body),
        ...(typeof body.name === 'string' && isRecordingOf(body.name, callId) ? { named: body.name } : {}),
        ...(body.message === true ? { message: true as const } : {}),
      }
    case 'rung':
      return { kind: 'dial-ended', callId, providerId: need(body, 'call'), end: dialEnd(body) }
    case 'rung-leg': {
      if (body.answered === true) return { kind: 'onward-answered', callId, providerId: need(body, 'leg') }
      const talkedMs = typeof body.talkedMs === 'number' ? Math.max(0, body.talkedMs) : 0
      return { kind: 'onward-ended', callId, providerId: need(body, 'leg'), number: need(body, 'phone'), talkedMs }
    }
    case 'browser-answered':
      return { kind: 'phone-answered', callId }
    case 'announcement':
      return { kind: 'summary-asked', callId }
    default:
      return { kind: 'other' }
  }
}

function ofAccount(body: Body): CarrierEvent {
  switch (body.event) {
    case 'brought':
      // Empty: the caller shows no number.
      return {
        kind: 'call-brought',
        providerId: need(body, 'call'),
        from: body.from === undefined || body.from === '' ? '' : need(body, 'from'),
        to: need(body, 'to'),
      }
    case 'status':
      return reported(body, null)
    case 'browser': {
      const name = need(body, 'browser')
      const workspaceId = workspaceOfPhone(name)
      const deskName = deskNameOfPhone(name)
      const place = workspaceId === null ? {} : { workspaceId }
      return { kind: 'phone-dials', providerId: need(body, 'call'), deskName, ...place, wish: wishOf(body) }
    }
    case 'sip': {
      const user = typeof body.user === 'string' ? body.user : null
      const from = typeof body.from === 'string' ? body.from : ''
      const [door, domainName] = [need(body, 'door'), need(body, 'domain')]
      return {
        kind: 'sip-dials',
        providerId: need(body, 'call'),
        from,
        door,
        domainName,
        user,
        dialled: need(body, 'dialled'),
      }
    }
    case 'hold-sound':
      return { kind: 'hold-asked' }
    default:
      return { kind: 'other' }
  }
}

function wishOf(body: Body): PhoneWish {
  if (body.wants === 'line') return { to: 'line' }
  if (body.wants === 'ai-agent') {
    const callId = typeof body.callId === 'string' ? body.callId : null
    return { to: 'ai-agent', agentId: need(body, 'agentId'), callId }
  }
  if (body.wants === 'supervision') return { to: 'supervision', supervisionId: need(body, 'supervisionId') }
  if (body.wants === 'colleague') return { to: 'colleague', name: need(body, 'colleague') }
  return { to: 'number', number: need(body, 'to') }
}

function dialEnd({ reached, talkedMs }: Body): DialEnd {
  const ms = typeof talkedMs === 'number' ? talkedMs : null
  return { status: reached === true ? 'completed' : 'no-answer', talkedMs: ms }
}

function reported(body: Body, callId: string | null): CarrierEvent {
  const [providerId, word] = [need(body, 'call'), need(body, 'status')]
  const status = statusOf(word)
  if (status === null) return { kind: 'odd-status', callId, providerId }
  const id = `status:${providerId}:${plainWord(body.number)}:${word}`
  return { kind: 'call-reported', callId, providerId, status, remote: body.byThem === true, id }
}

function recorded(body: Body): { recordingId: string; status: string; seconds: number | null } {
  return {
    recordingId: need(body, 'recording'),
    status: need(body, 'state') === 'stored' ? 'completed' : 'in-progress',
    seconds: typeof body.seconds === 'number' ? body.seconds : null,
  }
}

function ofRoom(body: Body, room: string): CarrierEvent {
  if (body.event === 'recording')
    return { kind: 'room-recording-reported', room, conferenceId: need(body, 'conference'), ...recorded(body) }
  const report = roomReport(body)
  if (report === null) return { kind: 'other' }
  return { kind: 'room-reported', room, report, id: `room:${plainWord(body.number)}:${plainWord(body.event)}` }
}

function roomReport(body: Body): RoomReport | null {
  const conferenceId = need(body, 'conference')
  if (body.event === 'ended') return { type: 'conference.ended', conferenceId }
  const providerId = need(body, 'call')
  switch (body.event) {
    case 'joined': {
      const { callId, role } = (body.as ?? {}) as { callId?: string; role?: string }
      return { type: 'participant.joined', callId: callId ?? '', role: roleOf(role), providerId, conferenceId }
    }
    case 'left':
      return { type: 'participant.left', providerId, conferenceId }
    case 'held':
    case 'unheld':
      return { type: 'participant.held', providerId, held: body.event === 'held' }
    case 'muted':
    case 'unmuted':
      return { type: 'participant.muted', providerId, muted: body.event === 'muted' }
    default:
      return null
  }
}

function need(body: Body, field: string): string {
  const value = body[field]
  if (typeof value !== 'string' || value === '')
    throw new UnreadableWebhook(400, 'A field is missing.', { field, message: 'missing' })
  return value
}
