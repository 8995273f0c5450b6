import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js'
import { expect, test } from 'vitest'
import type { Instruction, Instructions } from '../../../core/instruction/instruction.ts'
import { type DocumentUrls, twimlOf } from './instructions.ts'
import { participantLabel, participantOf } from './participant-label.ts'

const BASE = 'https://demo.example.test/twilio/w_a'
const URLS: DocumentUrls = {
  answer: `${BASE}/calls/c/answer`,
  status: `${BASE}/calls/c/status`,
  amd: `${BASE}/calls/c/amd`,
  recording: `${BASE}/calls/c/recording`,
  transcription: `${BASE}/calls/c/transcription`,
  dialEnded: `${BASE}/calls/c/dial-action`,
  clientStatus: `${BASE}/calls/c/client`,
  onward: `${BASE}/calls/c/onward`,
  summary: `${BASE}/calls/c/summary`,
  roomRecording: (room: string) => `${BASE}/rooms/${room}/recording`,
  conference: room => `${BASE}/rooms/${room}/conference`,
  media: 'wss://demo.example.test/media/c/token',
  silence: 'https://demo.example.test/sounds/silent.wav',
  hold: `${BASE}/hold`,
}

const unescaped = (xml: string): string =>
  xml.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_all, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '',
  )

function room(label: string, statusCallback: string, name: string): string {
  const response = new VoiceResponse()
  response.dial().conference(
    {
      participantLabel: label,
      beep: 'false',
      waitUrl: '',
      startConferenceOnEnter: true,
      endConferenceOnExit: false,
      jitterBufferSize: 'small',
      statusCallback,
      statusCallbackEvent: ['start', 'end', 'join', 'leave', 'mute', 'hold'],
    },
    name,
  )
  return response.toString()
}

test.each([
  ['w_a.d_1.1', 'w_a.c_1.b1.2'],
  ['a & b', '<label "1">'],
])('the room document is what the library would build: %s', (name, callId) => {
  const mine = twimlOf([{ kind: 'join-room', room: name, callId, role: 'customer' }], URLS)
  expect(mine).toBe(room(callId, URLS.conference(name), name))
})

test('a conference by name has a manner of its own, and its document goes on after it', () => {
  const manner = { muted: true, starts: false, music: true, announced: true }
  const join: Instruction = { kind: 'join-room', room: 'w_a.cf_1', callId: 'c', role: 'guest', manner }
  const mine = unescaped(twimlOf([join, { kind: 'continue', token: 'flow-2' }], URLS))
  for (const part of [
    ...['participantLabel="guest:c"', 'muted="true"', 'startConferenceOnEnter="false"', 'endConferenceOnExit="false"'],
    ...['beep="true"', `waitUrl="${URLS.hold}"`, '</Dial><Redirect>'],
  ])
    expect(mine).toContain(part)
})

test('a spoken answer is what the library would build', () => {
  const response = new VoiceResponse()
  response.say('Rock & <roll>')
  response.hangup()
  expect(twimlOf([{ kind: 'say', text: 'Rock & <roll>' }, { kind: 'hang-up' }], URLS)).toBe(response.toString())
})

const ROWS: [string, Instructions, string][] = [
  ['wait', [{ kind: 'wait', ms: 2_400 }], '<Pause length="2"/>'],
  [
    'answer before what does not take a call up',
    [{ kind: 'wait', ms: 2_000 }, { kind: 'answer' }, { kind: 'continue', token: 's2' }],
    `<Pause length="2"/><Play>https://demo.example.test/sounds/silent.wav</Play><Redirect>${BASE}/calls/c/answer?step=s2</Redirect>`,
  ],
  ['answer before a sentence', [{ kind: 'answer' }, { kind: 'say', text: 'Hello' }], '<Say>Hello</Say>'],
  ['say in a language', [{ kind: 'say', text: 'Hola', language: 'es-ES' }], '<Say language="es-ES">Hola</Say>'],
  ['play', [{ kind: 'play', urls: ['https://a/b.mp3'], forever: true }], '<Play loop="0">https://a/b.mp3</Play>'],
  [
    'gather',
    [
      {
        kind: 'gather',
        digits: { most: 1, endKey: null },
        speech: { language: 'en-US' },
        untilMs: 5_000,
        token: 'menu 1',
        prompt: [{ kind: 'say', text: 'Press one' }],
      },
    ],
    `<Gather input="dtmf speech" action="${BASE}/calls/c/answer?step=menu%201" timeout="5" actionOnEmptyResult="true" numDigits="1" finishOnKey="" speechTimeout="auto" language="en-US"><Say>Press one</Say></Gather>`,
  ],
  [
    'record',
    [{ kind: 'record', atMostMs: 180_000, silenceMs: 4_000, beep: true, token: 't' }],
    `<Record action="${BASE}/calls/c/answer?step=t" maxLength="180" timeout="4" playBeep="true" recordingStatusCallback="${BASE}/calls/c/recording"/>`,
  ],
  [
    'enqueue',
    [{ kind: 'enqueue', queue: 'support', callId: 'c' }],
    `<Enqueue action="${BASE}/calls/c/dial-action">support</Enqueue>`,
  ],
  [
    'dial a number',
    [{ kind: 'dial', parties: [{ kind: 'number', number: '+1' }], from: '+2', ringMs: 30_000, record: false }],
    `<Dial callerId="+2" answerOnBridge="true" timeout="30" action="${BASE}/calls/c/dial-action"><Number>+1</Number></Dial>`,
  ],
  [
    'dial a number whose end is told',
    [
      {
        kind: 'dial',
        parties: [{ kind: 'number', number: '+1', told: true }],
        from: '+2',
        ringMs: 30_000,
        record: false,
      },
    ],
    `<Dial callerId="+2" answerOnBridge="true" timeout="30" action="${BASE}/calls/c/dial-action"><Number statusCallback="${BASE}/calls/c/onward" statusCallbackEvent="answered completed">+1</Number></Dial>`,
  ],
  [
    'dial a desk and an extension',
    [
      {
        kind: 'dial',
        parties: [
          { kind: 'desk', deskId: 'w_a.d_ada', callId: 'c' },
          { kind: 'sip', uri: 'sip:bo@pbx.example.test' },
        ],
        from: '+2',
        ringMs: 25_000,
        record: true,
      },
    ],
    `<Dial callerId="+2" answerOnBridge="true" timeout="25" action="${BASE}/calls/c/dial-action" record="record-from-answer" recordingStatusCallback="${BASE}/calls/c/recording" recordingStatusCallbackEvent="in-progress completed absent"><Client statusCallback="${BASE}/calls/c/client" statusCallbackEvent="answered completed"><Identity>agent_ada</Identity><Parameter name="callId" value="c"/><Parameter name="outbound" value="false"/></Client><Sip>sip:bo@pbx.example.test</Sip></Dial>`,
  ],
  [
    'stream',
    [{ kind: 'stream', to: 'agent', stream: 1, driver: 'stream', language: 'en-US' }],
    `<Connect action="${BASE}/calls/c/answer" method="POST"><Stream url="${URLS.media}"/></Connect>`,
  ],
  [
    'stream of words',
    [{ kind: 'stream', to: 'agent', stream: 1, driver: 'relay', language: 'de-DE' }],
    `<Connect action="${BASE}/calls/c/answer" method="POST"><ConversationRelay url="${URLS.media}" language="de-DE" interruptible="any" reportInputDuringAgentSpeech="any" dtmfDetection="true" partialPrompts="true" events="speaker-events tokens-played"/></Connect>`,
  ],
  [
    'transcribe',
    [{ kind: 'transcribe', of: { sides: 'in', language: 'de-DE' } }],
    `<Stop><Transcription name="flow"/></Stop><Start><Transcription name="flow" statusCallbackUrl="${BASE}/calls/c/transcription" track="inbound_track" languageCode="de-DE" partialResults="false"/></Start>`,
  ],
  ['transcribe no more', [{ kind: 'transcribe', of: null }], '<Stop><Transcription name="flow"/></Stop>'],
  ['refer', [{ kind: 'refer', to: 'sip:bo@pbx.example.test' }], '<Refer><Sip>sip:bo@pbx.example.test</Sip></Refer>'],
  ['keys', [{ kind: 'digits', digits: '42#', toneMs: 200, gapMs: 1_000 }], '<Play digits="4ww2ww#"/>'],
  ['reject', [{ kind: 'reject', reason: 'busy' }], '<Reject reason="busy"/>'],
  ['hang up', [{ kind: 'hang-up' }], '<Hangup/>'],
  ['continue', [{ kind: 'continue', token: 's2' }], `<Redirect>${BASE}/calls/c/answer?step=s2</Redirect>`],
]

test.each(ROWS)('%s', (_name, instructions, inner) => {
  expect(twimlOf(instructions, URLS)).toBe(`<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`)
})

test('every kind of instruction has a row here', () => {
  const rendered = new Set<Instruction['kind']>(ROWS.flatMap(([, list]) => list.map(one => one.kind)))
  const all: Record<Instruction['kind'], true> = {
    wait: true,
    answer: true,
    say: true,
    play: true,
    gather: true,
    digits: true,
    record: true,
    'join-room': true,
    enqueue: true,
    dial: true,
    stream: true,
    refer: true,
    transcribe: true,
    reject: true,
    'hang-up': true,
    continue: true,
  }
  expect(Object.keys(all).filter(kind => !rendered.has(kind as Instruction['kind']))).toEqual(['join-room'])
})

test('a participant is found again by its label', () => {
  for (const role of ['agent', 'customer', 'coach', 'listener', 'guest', 'ai'] as const)
    expect(participantOf(participantLabel('w_a.c_1.b1.2', role))).toEqual({ callId: 'w_a.c_1.b1.2', role })
  expect(participantOf('line')).toEqual({ callId: 'line', role: 'agent' })
})
