import type { Driver } from '../driver.ts'
import type { Text } from '../engine/texts/text.ts'
import { type Call, type Conference, callOfPhone, isLive, type Target } from '../engine/world.ts'
import type { FaultRule } from '../faults.ts'
import type { Script } from '../people/script.ts'

/** The state of the world as the page shows it. It contains no secret. */

const ENDED_CALLS_SHOWN = 50
const TEXTS_SHOWN = 30

export interface PhoneView {
  number: string
  name: string
  company: string
  timeZone: string
  script: string
  kind: Script['kind']
  state: 'idle' | 'ringing' | 'talking' | 'calling'
  callSid: string | null
  /** when the state began, ms since 1970 */
  since: number | null
  /** the sentence being said */
  says: string | null
}

export interface CallView {
  sid: string
  parentSid: string | null
  direction: string
  from: string
  to: string
  status: string
  createdAt: number
  answeredAt: number | null
  endedAt: number | null
  answeredBy: string | null
  conferenceSid: string | null
  /** what the call is doing now */
  doing: string
  levels: { says: number; hears: number } | null
}

export interface WorldView {
  at: number
  lastSeq: number
  account: { accountSid: string; apiKeySid: string; twimlAppSid: string; voiceUrl: string | null }
  numbers: {
    sid: string
    number: string
    voiceUrl: string | null
    statusCallback: string | null
    smsUrl: string | null
  }[]
  cps: number
  phones: PhoneView[]
  calls: CallView[]
  conferences: {
    sid: string
    friendlyName: string
    status: string
    participants: {
      callSid: string
      label: string | null
      muted: boolean
      held: boolean
      /** the only participant who hears this one; null: all do */
      coached: string | null
      status: string
    }[]
  }[]
  queues: { sid: string; friendlyName: string; members: string[] }[]
  /** the port of SIP and the phones that are registered there; null: this network speaks none */
  sip: { port: number; registrations: { domain: string; user: string; contact: string; until: number }[] } | null
  /** media that leaves the network now: Media Streams and recordings */
  streams: { sid: string; callSid: string; name: string; url: string; track: string }[]
  recordings: { sid: string; callSid: string | null; conferenceSid: string | null; status: string }[]
  /** the newest texts, newest first */
  texts: Pick<Text, 'sid' | 'direction' | 'from' | 'to' | 'body' | 'status' | 'createdAt'>[]
  faults: FaultRule[]
  doubleAnswers: number
}

function urlOf(target: Target | undefined): string | null {
  return target === undefined || target.url === '' ? null : target.url
}

function phoneState(call: Call): { state: PhoneView['state']; since: number } {
  if (call.status === 'in-progress') return { state: 'talking', since: call.answeredAt ?? call.createdAt }
  const state = call.direction === 'inbound' ? 'calling' : 'ringing'
  return { state, since: call.startedAt ?? call.createdAt }
}

function phonesOf(driver: Driver): PhoneView[] {
  return [...driver.world.people.values()].map(person => {
    const call = callOfPhone(driver.world, person.number)
    const present = call === undefined ? { state: 'idle' as const, since: null } : phoneState(call)
    return {
      number: person.number,
      name: person.name,
      company: person.company,
      timeZone: person.timeZone,
      script: person.scriptId,
      kind: person.script.kind,
      ...present,
      callSid: call?.sid ?? null,
      says: call?.acting?.says ?? null,
    }
  })
}

function callView(driver: Driver, call: Call): CallView {
  return {
    sid: call.sid,
    parentSid: call.parentSid,
    direction: call.direction,
    from: call.from,
    to: call.to,
    status: call.status,
    createdAt: call.createdAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    answeredBy: call.answeredBy,
    conferenceSid: call.conferenceSid,
    doing: call.doing.what,
    levels: call.status === 'in-progress' ? driver.levels(call.sid) : null,
  }
}

function conferenceView(conference: Conference): WorldView['conferences'][number] {
  return {
    sid: conference.sid,
    friendlyName: conference.friendlyName,
    status: conference.status,
    participants: [...conference.participants.values()].map(one => {
      const { callSid, label, muted, held, status, coaching, callSidToCoach } = one
      return { callSid, label, muted, held, coached: coaching ? callSidToCoach : null, status }
    }),
  }
}

function leaving(driver: Driver): Pick<WorldView, 'queues' | 'streams' | 'recordings'> {
  const { queues, media } = driver.world
  return {
    queues: [...queues.values()].map(({ sid, friendlyName, members }) => ({
      sid,
      friendlyName,
      members: members.map(member => member.callSid),
    })),
    streams: [...media.streams.values()]
      .filter(stream => stream.status === 'in-progress')
      .map(({ sid, callSid, name, url, track }) => ({ sid, callSid, name, url, track })),
    recordings: [...media.recordings.values()]
      .filter(({ status }) => status === 'in-progress' || status === 'paused')
      .map(({ sid, callSid, conferenceSid, status }) => ({ sid, callSid, conferenceSid, status })),
  }
}

function sipView({ sip, world }: Driver): WorldView['sip'] {
  if (sip === null) return null
  const registrations = sip.registrations().map(({ domainSid, user, contact, until }) => {
    return { domain: world.sip.domains.get(domainSid)?.domainName ?? '', user, contact, until }
  })
  return { port: sip.port, registrations }
}

/** Live calls and conferences, and the newest ended calls. */
export function viewWorld(driver: Driver, faults: FaultRule[], lastSeq: number): WorldView {
  const { world } = driver
  const calls = [...world.calls.values()].reverse()
  const shown = [...calls.filter(isLive), ...calls.filter(call => !isLive(call)).slice(0, ENDED_CALLS_SHOWN)]
  const { accountSid, apiKeySid, twimlAppSid } = world.account
  return {
    at: driver.now(),
    lastSeq,
    account: { accountSid, apiKeySid, twimlAppSid, voiceUrl: urlOf(world.applications.get(twimlAppSid)?.voice) },
    numbers: [...world.numbers.values()].map(({ sid, number, voice, statusCallback, sms }) => ({
      sid,
      number,
      voiceUrl: urlOf(voice),
      statusCallback: urlOf(statusCallback),
      smsUrl: sms.SmsUrl || null,
    })),
    cps: world.cps,
    phones: phonesOf(driver),
    calls: shown.map(call => callView(driver, call)),
    conferences: [...world.conferences.values()]
      .filter(conference => conference.status !== 'completed')
      .map(conferenceView),
    ...leaving(driver),
    sip: sipView(driver),
    texts: [...world.texts.all.values()]
      .slice(-TEXTS_SHOWN)
      .reverse()
      .map(({ sid, direction, from, to, body, status, createdAt }) => ({
        sid,
        direction,
        from,
        to,
        body,
        status,
        createdAt,
      })),
    faults,
    doubleAnswers: world.doubleAnswers,
  }
}
