import { expect, test } from 'vitest'
import type { Act } from '../people/acts.ts'
import { asked, play, said, toldOf } from '../testing/twiml-play.ts'
import { VirtualNetwork } from '../testing/virtual-network.ts'

/** TwiML of sound that leaves and enters the network, row by row, in virtual time. */

const URL = 'wss://app.test/s'

const opened = (network: VirtualNetwork) =>
  network.intents.flatMap(intent => (intent.do === 'stream-open' ? [intent] : []))

// twiml: Connect Connect.action Connect.method Stream Stream.url
test('Connect: the verbs wait for the program; its leaving asks the action', () => {
  const network = play({
    twiml: `<Connect action="/a" method="GET"><Stream url="${URL}"/></Connect><Say>never</Say>`,
    pages: { '/a': '<Pause length="9"/>' },
  })
  expect(said(network)).toEqual([])
  const [stream] = opened(network)
  expect(stream).toMatchObject({ url: URL, tracks: ['inbound'], bidirectional: true })
  const lost = { kind: 'stream.lost', streamSid: stream?.streamSid ?? '', code: 31921, message: 'closed' } as const
  network.take({ ...lost, wasOpen: true })
  expect(asked(network, '/a')[0]?.target.method).toBe('GET')
})

// twiml: Start Stop Stream.name Stream.track Stream.statusCallback Stream.statusCallbackMethod
test('Start goes on at once; Stop ends it by name; both are told', () => {
  const network = play({
    twiml:
      `<Start><Stream name="ear" track="both_tracks" url="${URL}" statusCallback="/s" statusCallbackMethod="GET"/></Start>` +
      '<Say>Hello</Say><Stop><Stream name="ear"/></Stop><Pause length="9"/>',
  })
  expect(said(network)).toEqual(['Hello'])
  expect(opened(network)[0]?.tracks).toEqual(['inbound', 'outbound'])
  expect(network.did('stream-close')).toHaveLength(1)
  expect(
    toldOf(network, '/s').map(({ target, fields }) => [target.method, fields.StreamEvent, fields.StreamName]),
  ).toEqual([
    ['GET', 'stream-started', 'ear'],
    ['GET', 'stream-stopped', 'ear'],
  ])
})

test('other TwiML ends a <Connect> and leaves a <Start> alone; the end of the call ends both', () => {
  const network = play({
    twiml: `<Start><Stream name="ear" url="${URL}"/></Start><Connect><Stream url="${URL}"/></Connect>`,
  })
  const [call] = [...network.world.calls.values()]
  const change = { status: null, instructions: { twiml: '<Response><Pause length="9"/></Response>' } }
  network.take({
    kind: 'call.changed',
    callSid: call?.sid ?? '',
    change: { ...change, statusCallback: null, timeLimitMs: null },
  })
  expect(network.ofKind('stream-stopped')).toHaveLength(1)
  network.take({ kind: 'call.cut', callSid: call?.sid ?? '' })
  expect(network.ofKind('stream-stopped')).toHaveLength(2)
})

const HELLO: Act[] = [{ pauseMs: 1_500 }, { say: 'Please call me back' }]

// twiml: Record Record.action Record.method Record.timeout Record.trim Record.transcribe Record.transcribeCallback Record.recordingStatusCallback Record.recordingStatusCallbackMethod Record.recordingStatusCallbackEvent
test('Record: until nobody speaks; the action, the events and the words', () => {
  const network = play({
    twiml:
      '<Record action="/a" method="GET" timeout="3" trim="trim-silence" transcribe="true" transcribeCallback="/w" ' +
      'recordingStatusCallback="/r" recordingStatusCallbackMethod="GET" recordingStatusCallbackEvent="in-progress completed"/>',
    pages: { '/a': '<Pause length="9"/>' },
    acts: HELLO,
  })
  expect(network.did('record-stop')[0]).toMatchObject({ trim: true })
  const [action] = asked(network, '/a')
  expect([action?.target.method, action?.fields.RecordingDuration]).toEqual(['GET', '5'])
  expect(toldOf(network, '/w')[0]?.fields.TranscriptionText).toBe('Please call me back')
  expect(toldOf(network, '/r').map(({ target, fields }) => [target.method, fields.RecordingStatus])).toEqual([
    ['GET', 'in-progress'],
    ['GET', 'completed'],
  ])
})

// twiml: Record.finishOnKey Record.maxLength Record.playBeep
test('Record: a key, the longest length, with and without the beep; a hang-up is told', () => {
  const lasts = (attributes: string, acts: Act[]) => {
    const network = play({ twiml: `<Record action="/a" ${attributes}/>`, pages: { '/a': '' }, acts, ms: 15_000 })
    const { Digits, RecordingDuration } = asked(network, '/a')[0]?.fields ?? {}
    return [Digits, RecordingDuration, network.did('play-sound').length]
  }
  const keys: Act[] = [{ say: 'Hello' }, { press: '5' }, { pauseMs: 1_000 }, { press: '#' }]
  expect(lasts('finishOnKey="#" playBeep="false"', keys)).toEqual(['#', '2', 0])
  expect(lasts('', keys)[2]).toBe(1)
  expect(lasts('maxLength="2" playBeep="false"', [{ say: 'Hello' }])).toEqual(['', '2', 0])
  const left = play({ twiml: '<Record action="/a"/>', acts: [{ pauseMs: 700 }, { say: 'Bye' }, { hangUp: true }] })
  expect(toldOf(left, '/a')[0]?.fields).toMatchObject({ Digits: 'hangup', CallStatus: 'completed' })
  const quiet = play({ twiml: '<Record action="/a"/><Say>Nothing</Say>', acts: [] })
  expect([asked(quiet, '/a').length, said(quiet)]).toEqual([0, ['Nothing']])
})

// twiml: Recording Recording.channels Recording.track Recording.trim Recording.recordingStatusCallback Recording.recordingStatusCallbackMethod Recording.recordingStatusCallbackEvent
test('Start and Stop of a Recording', () => {
  const network = play({
    twiml:
      '<Start><Recording channels="dual" track="inbound" trim="trim-silence" recordingStatusCallback="/r" ' +
      'recordingStatusCallbackMethod="GET" recordingStatusCallbackEvent="completed"/></Start><Pause length="2"/>' +
      '<Stop><Recording/></Stop><Pause length="9"/>',
  })
  expect(network.did('record-start')[0]).toMatchObject({ channels: 2, track: 'inbound' })
  expect(network.did('record-stop')[0]).toMatchObject({ ms: 2_000, trim: true })
  expect(toldOf(network, '/r').map(({ target, fields }) => [target.method, fields.RecordingSource])).toEqual([
    ['GET', 'StartCallRecordingTwiML'],
  ])
})

// twiml: Dial.record Dial.recordingTrack Dial.trim Dial.recordingStatusCallback Dial.recordingStatusCallbackMethod Dial.recordingStatusCallbackEvent
test.each([
  ['record-from-answer', 1, 2],
  ['record-from-ringing', 1, 4],
  ['record-from-answer-dual', 2, 2],
  ['record-from-ringing-dual', 2, 4],
])('Dial record="%s": %i channels, %i s, told to the action', (mode, channels, seconds) => {
  const network = play({
    twiml:
      `<Dial action="/a" timeLimit="2" record="${mode}" recordingTrack="outbound" trim="trim-silence" recordingStatusCallback="/r" ` +
      'recordingStatusCallbackMethod="GET" recordingStatusCallbackEvent="in-progress completed">+15002002001</Dial>',
    pages: { '/a': '' },
    ms: 20_000,
  })
  expect(network.did('record-start')).toHaveLength(1)
  expect(network.did('record-start')[0]).toMatchObject({ channels, track: 'outbound' })
  expect(network.did('record-stop')[0]).toMatchObject({ trim: true })
  expect(Number(asked(network, '/a')[0]?.fields.RecordingDuration)).toBe(seconds)
  expect(toldOf(network, '/r').map(({ target, fields }) => [target.method, fields.RecordingSource])).toEqual([
    ['GET', 'DialVerb'],
    ['GET', 'DialVerb'],
  ])
})

// twiml: Conference.record Conference.trim Conference.recordingStatusCallback Conference.recordingStatusCallbackMethod Conference.recordingStatusCallbackEvent
test('Conference record: from the start to the end, trimmed unless it says otherwise', () => {
  const room = (more: string) =>
    `<Dial><Conference record="record-from-start" ${more} recordingStatusCallback="/r" recordingStatusCallbackMethod="GET" ` +
    'recordingStatusCallbackEvent="completed">r</Conference></Dial>'
  const trims = ['', 'trim="do-not-trim"'].map(more => {
    const network = play({ twiml: room(more) })
    network.call('+15002000001')
    network.pass(3_000)
    for (const call of network.world.calls.values()) network.take({ kind: 'call.cut', callSid: call.sid })
    expect(toldOf(network, '/r').map(({ target, fields }) => [target.method, fields.RecordingSource])).toEqual([
      ['GET', 'Conference'],
    ])
    return network.intents.flatMap(intent => (intent.do === 'record-stop' ? [intent.trim] : []))
  })
  expect(trims).toEqual([[true], [false]])
})

// twiml: Number.machineDetectionSpeechThreshold Number.machineDetectionSpeechEndThreshold
test('Number: the thresholds of detection reach the ear', () => {
  const network = new VirtualNetwork()
  network.world.hears = true
  network.pages.set(
    '/answer',
    '<Response><Dial><Number machineDetection="DetectMessageEnd" machineDetectionSpeechThreshold="3000" ' +
      'machineDetectionSpeechEndThreshold="700">+15002000001</Number></Dial></Response>',
  )
  network.call('+15002000002')
  network.pass(4_000)
  expect(network.did('detect')[0]).toMatchObject({ settings: { messageEnd: true, speechMs: 3_000, speechEndMs: 700 } })
})

// twiml: ConversationRelay ConversationRelay.url ConversationRelay.welcomeGreeting ConversationRelay.welcomeGreetingInterruptible ConversationRelay.interruptible ConversationRelay.dtmfDetection ConversationRelay.reportInputDuringAgentSpeech ConversationRelay.voice ConversationRelay.language ConversationRelay.transcriptionLanguage ConversationRelay.partialPrompts ConversationRelay.preemptible ConversationRelay.events ConversationRelay.debug Language Language.code Language.voice
test('ConversationRelay: the attributes reach the session, with their defaults; what is said is a prompt', () => {
  const settings = (attributes: string, children = '') => {
    const network = play({
      twiml: `<Connect><ConversationRelay url="${URL}" ${attributes}>${children}</ConversationRelay></Connect>`,
      acts: HELLO,
    })
    expect(network.did('relay-began')).toHaveLength(1)
    expect(network.did('relay-heard')[0]).toMatchObject({ text: 'Please call me back' })
    return network.intents.flatMap(intent => (intent.do === 'relay-open' ? [intent.settings] : []))[0]
  }
  expect(settings('')).toEqual({
    greeting: '',
    greetingInterruptible: 'any',
    interruptible: 'any',
    dtmf: false,
    reports: 'none',
    voice: null,
    language: 'en-US',
    transcriptionLanguage: 'en-US',
    partialPrompts: false,
    preemptible: false,
    speakerEvents: false,
    tokensPlayed: false,
  })
  const all =
    'welcomeGreeting="Hi" welcomeGreetingInterruptible="false" interruptible="dtmf" dtmfDetection="true" voice="Joanna" ' +
    'reportInputDuringAgentSpeech="speech" language="de-DE" transcriptionLanguage="fr-FR" partialPrompts="true" preemptible="true" ' +
    'events="speaker-events" debug="tokens-played"'
  expect(settings(all)).toEqual({
    greeting: 'Hi',
    greetingInterruptible: 'none',
    interruptible: 'dtmf',
    dtmf: true,
    reports: 'speech',
    voice: 'Joanna',
    language: 'de-DE',
    transcriptionLanguage: 'fr-FR',
    partialPrompts: true,
    preemptible: true,
    speakerEvents: true,
    tokensPlayed: true,
  })
  expect(settings('language="de-DE"', '<Language code="de-DE" voice="Vicki"/>')).toMatchObject({ voice: 'Vicki' })
})

// twiml: Transcription Transcription.name Transcription.track Transcription.statusCallbackUrl Transcription.statusCallbackMethod Transcription.partialResults Transcription.languageCode Transcription.transcriptionEngine Transcription.inboundTrackLabel Transcription.outboundTrackLabel
test('Transcription: started, the words of both sides, stopped', () => {
  const start = (more: string) =>
    `<Start><Transcription name="t" statusCallbackUrl="/t" statusCallbackMethod="GET" ${more}/></Start>` +
    '<Say>Who is there</Say><Pause length="4"/><Stop><Transcription name="t"/></Stop><Pause length="9"/>'
  const told = (more: string) => toldOf(play({ twiml: start(more), acts: HELLO, ms: 9_000 }), '/t')
  const data = (more: string) =>
    told(more)
      .filter(({ fields }) => fields.TranscriptionEvent === 'transcription-content')
      .map(({ fields }) => [fields.Track, JSON.parse(fields.TranscriptionData ?? '{}').transcript, fields.Final])
  const all = told(
    'languageCode="en-GB" transcriptionEngine="deepgram" inboundTrackLabel="them" outboundTrackLabel="us"',
  )
  expect(all.map(({ target, fields }) => [target.method, fields.TranscriptionEvent, fields.SequenceNumber])).toEqual([
    ['GET', 'transcription-started', '1'],
    ['GET', 'transcription-content', '2'],
    ['GET', 'transcription-content', '3'],
    ['GET', 'transcription-stopped', '4'],
  ])
  expect(all[0]?.fields).toMatchObject({
    LanguageCode: 'en-GB',
    TranscriptionEngine: 'deepgram',
    InboundTrackLabel: 'them',
    OutboundTrackLabel: 'us',
    TranscriptionSid: expect.stringMatching(/^GT/),
  })
  expect(data('')).toEqual([
    ['outbound_track', 'Who is there', 'true'],
    ['inbound_track', 'Please call me back', 'true'],
  ])
  expect(data('track="inbound_track" partialResults="true"')).toEqual([
    ['inbound_track', 'Please call', 'false'],
    ['inbound_track', 'Please call me back', 'true'],
  ])
})
