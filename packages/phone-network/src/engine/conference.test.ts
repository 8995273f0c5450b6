import { describe, expect, test } from 'vitest'
import { APP, callRequest, OUR_NUMBER, VirtualNetwork } from '../testing/virtual-network.ts'
import type { Call, Seat } from './world.ts'

const [FIRST, SECOND, THIRD] = ['+15002201001', '+15002201002', '+15002201003'] as const

function room(attributes = '', more = ''): string {
  return (
    `<Response><Dial><Conference waitUrl="" beep="false" ${attributes} statusCallback="${APP}/conference" ` +
    `statusCallbackEvent="start end join leave mute hold modify">room</Conference></Dial>${more}</Response>`
  )
}

/** Two or three people who talk in a room; every TwiML page may be given. */
function meeting(network: VirtualNetwork, pages: string[]): Call[] {
  return pages.map((page, index) => {
    network.pages.set(`/answer${index}`, page)
    const instructions = { url: `${APP}/answer${index}`, method: 'POST' as const, fallback: null }
    const call = network.call([FIRST, SECOND, THIRD][index] ?? FIRST, { instructions })
    network.pass(1_200)
    return call
  })
}

function told(network: VirtualNetwork): string[] {
  return network.notices('conference').map(({ fields }) => `${fields.SequenceNumber} ${fields.StatusCallbackEvent}`)
}

function only(network: VirtualNetwork) {
  const [conference] = [...network.world.conferences.values()]
  if (!conference) throw new Error('no conference')
  return conference
}

describe('a conference', () => {
  test('is born by the first join, starts with the second, ends with the last leave', () => {
    const network = new VirtualNetwork()
    const [first, second] = meeting(network, [room('participantLabel="agent"'), room()])
    expect(told(network)).toEqual(['1 participant-join', '2 conference-start', '3 participant-join'])
    expect(network.notices('conference')[0]?.fields).toMatchObject({
      FriendlyName: 'room',
      CallSid: first?.sid,
      ParticipantLabel: 'agent',
      Muted: 'false',
      Hold: 'false',
      StartConferenceOnEnter: 'true',
      EndConferenceOnExit: 'false',
    })
    network.take({ kind: 'call.cut', callSid: first?.sid ?? '' })
    network.take({ kind: 'call.cut', callSid: second?.sid ?? '' })
    expect(told(network).slice(3)).toEqual(['4 participant-leave', '5 participant-leave', '6 conference-end'])
    expect(network.notices('conference')[3]?.fields).toMatchObject({
      ReasonParticipantLeft: 'participant_hung_up',
      ParticipantCallStatus: 'completed',
    })
    expect(network.notices('conference').at(-1)?.fields).toMatchObject({
      ReasonConferenceEnded: 'last-participant-left',
      CallSidEndingConference: second?.sid,
    })
    expect(only(network)).toMatchObject({ status: 'completed', reasonEnded: 'last-participant-left' })
  })

  test('starts under an announcement, which is heard to its end', () => {
    const network = new VirtualNetwork()
    const [alone] = meeting(network, [room()])
    const callSid = alone?.sid ?? ''
    network.pages.set('/summary', '<Response><Say>Somebody comes who wants to talk about an order</Say></Response>')
    const announce = { url: `${APP}/summary`, method: 'POST' as const }
    network.take({ kind: 'participant.changed', conferenceSid: only(network).sid, callSid, change: { announce } })
    network.pass(100)
    expect(network.ofKind('network-said')).toHaveLength(1)
    const said = network.at
    network.pages.set('/second', room())
    network.call(SECOND, { instructions: { url: `${APP}/second`, method: 'POST', fallback: null } })
    network.pass(1_200)
    expect(only(network).mixing).toBe(true)
    const stopped = network.intents.filter(
      intent => intent.do === 'stop-playing' && intent.callSid === callSid && intent.at > said,
    )
    expect(stopped).toEqual([])
  })

  test('waits for one who may start it', () => {
    const network = new VirtualNetwork()
    const waiting = room('startConferenceOnEnter="false"')
    meeting(network, [waiting, waiting])
    expect(only(network).status).toBe('init')
    expect(network.ofKind('conference-started')).toEqual([])
  })

  test('ends for all when one with endConferenceOnExit leaves; the others go on with their TwiML', () => {
    const network = new VirtualNetwork()
    const [first, second] = meeting(network, [room('endConferenceOnExit="true"'), room('', '<Say>Goodbye</Say>')])
    network.take({ kind: 'call.cut', callSid: first?.sid ?? '' })
    expect(network.notices('conference').at(-1)?.fields.ReasonConferenceEnded).toBe(
      'participant-with-end-conference-on-exit-left',
    )
    expect(network.ofKind('participant-left').at(-1)?.reason).toBe('moderator_ended_conference')
    expect(network.ofKind('network-said').map(fact => fact.text)).toEqual(['Goodbye'])
    network.pass(3_000)
    expect(second?.status).toBe('completed')
  })

  test("the first joiner's status callback stays, even when it is none", () => {
    const network = new VirtualNetwork()
    meeting(network, ['<Response><Dial><Conference>room</Conference></Dial></Response>', room()])
    expect(told(network)).toEqual([])
  })

  test('is full at maxParticipants', () => {
    const network = new VirtualNetwork()
    const full = room('maxParticipants="2"')
    const calls = meeting(network, [full, full, full])
    expect(calls.map(call => call.status)).toEqual(['in-progress', 'in-progress', 'completed'])
    expect(network.ofKind('alert')).toHaveLength(1)
  })

  test('a redirected participant leaves by API', () => {
    const network = new VirtualNetwork()
    const [, second] = meeting(network, [room(), room()])
    const change = { status: null, instructions: { twiml: '<Response><Pause length="9"/></Response>' } }
    network.take({
      kind: 'call.changed',
      callSid: second?.sid ?? '',
      change: { ...change, statusCallback: null, timeLimitMs: null },
    })
    expect(network.ofKind('participant-left').at(-1)?.reason).toBe('participant_updated_via_api')
    expect(second?.status).toBe('in-progress')
    expect(only(network).participants.size).toBe(1)
  })
})

describe('participants by REST', () => {
  test('mute and hold are told once, and reach the sound', () => {
    const network = new VirtualNetwork()
    const [first] = meeting(network, [room(), room()])
    const conferenceSid = only(network).sid
    const callSid = first?.sid ?? ''
    for (const change of [{ muted: true }, { muted: true }, { held: true }, { muted: false }, { held: false }]) {
      network.take({ kind: 'participant.changed', conferenceSid, callSid, change })
    }
    expect(told(network).slice(3)).toEqual([
      '4 participant-mute',
      '5 participant-hold',
      '6 participant-unmute',
      '7 participant-unhold',
    ])
    expect(network.did('set-muted')).toHaveLength(2)
    expect(network.did('set-held')).toHaveLength(2)
  })

  test('a kicked participant goes on with its TwiML', () => {
    const network = new VirtualNetwork()
    const [, second] = meeting(network, [room(), room('', '<Say>Out</Say>')])
    network.take({ kind: 'participant.kicked', conferenceSid: only(network).sid, callSid: second?.sid ?? '' })
    expect(network.ofKind('network-said').map(fact => fact.text)).toEqual(['Out'])
  })

  test('closing a conference lets everybody leave', () => {
    const network = new VirtualNetwork()
    const calls = meeting(network, [room(), room()])
    network.take({ kind: 'conference.closed', conferenceSid: only(network).sid })
    expect(only(network).reasonEnded).toBe('conference-ended-via-api')
    expect(network.ofKind('participant-left').map(fact => fact.reason)).toEqual([
      'conference_ended_via_api',
      'conference_ended_via_api',
    ])
    expect(calls.map(call => call.status)).toEqual(['completed', 'completed'])
  })

  const seat: Seat = {
    conferenceName: 'room',
    label: 'guest',
    muted: false,
    startOnEnter: true,
    endOnExit: false,
    coaching: false,
    callSidToCoach: null,
    beep: false,
    beepOnExit: false,
    waitMethod: 'POST',
    waitUrl: '',
    participantsMax: 250,
    statusCallback: { url: `${APP}/conference`, method: 'POST', events: ['start', 'end', 'join', 'leave'] },
  }

  test('an added participant is listed while it rings, and joins when it answers', () => {
    const network = new VirtualNetwork()
    network.take({ kind: 'call.requested', request: callRequest(FIRST, { seat, instructions: { twiml: '' } }) })
    const [participant] = [...only(network).participants.values()]
    expect(participant).toMatchObject({ label: 'guest', status: 'queued' })
    network.pass(500)
    expect(participant?.status).toBe('ringing')
    network.pass(1_000)
    expect(participant?.status).toBe('connected')
    expect(told(network)).toEqual(['1 participant-join'])
  })

  test('an added participant who is busy fails to be added', () => {
    const network = new VirtualNetwork()
    meeting(network, [room()])
    const request = callRequest('+15004000101', { seat, from: OUR_NUMBER, instructions: { twiml: '' } })
    network.take({ kind: 'call.requested', request })
    network.pass(1_000)
    expect(network.notices('conference').at(-1)?.fields).toMatchObject({
      StatusCallbackEvent: 'participant-leave',
      ReasonParticipantLeft: 'participant_add_failed',
    })
    expect(only(network).participants.size).toBe(1)
  })
})
