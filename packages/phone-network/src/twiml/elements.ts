/**
 * The verbs, nouns and attributes that Twilio has, their defaults, and which of them this network performs. Names: the
 * typings of the `twilio` package, 6.2.0; defaults: https://www.twilio.com/docs/voice/twiml . The page
 * `packages/phone-network/docs/twiml.md` is made from this table and from the tests that name its rows.
 */

export interface Element {
  /** attributes that are performed, with the default of each */
  attributes: Record<string, string>
  /** attributes that are accepted without effect; the log says so */
  without: string[]
  children: string[]
}

const words = (text: string): string[] => text.split(' ').filter(word => word !== '')

/** `without` and `children` are names, separated by blanks. */
export function element(attributes: Record<string, string>, without = '', children = ''): Element {
  return { attributes, without: words(without), children: words(children) }
}

const CALLBACK = { statusCallback: 'none', statusCallbackMethod: 'POST' }
const RECORDING = {
  recordingStatusCallback: 'none',
  recordingStatusCallbackMethod: 'POST',
  recordingStatusCallbackEvent: 'completed',
}
const DETECTED = {
  machineDetection: 'none',
  machineDetectionTimeout: '30 s',
  machineDetectionSilenceTimeout: '5000 ms',
  machineDetectionSpeechThreshold: '2400 ms',
  machineDetectionSpeechEndThreshold: '1200 ms',
  amdStatusCallback: 'none',
  amdStatusCallbackMethod: 'POST',
}
const CALLEE = { url: 'none', method: 'POST', ...CALLBACK, statusCallbackEvent: 'completed' }

export const ELEMENTS: ReadonlyMap<string, Element> = new Map<string, Element>([
  ['Say', element({ voice: 'woman', language: 'en-US', loop: '1' })],
  ['Play', element({ loop: '1', digits: 'none' })],
  ['Pause', element({ length: '1 s' })],
  ['Hangup', element({})],
  ['Redirect', element({ method: 'POST' })],
  ['Reject', element({ reason: 'rejected' })],
  ['Leave', element({})],
  ['Refer', element({ action: 'none', method: 'POST' }, '', 'Sip')],
  // Of `<Dial>` and `<Refer>`; for the latter it has no attributes.
  ['Sip', element({ ...CALLEE, username: 'none', password: 'none', ...DETECTED })],
  ['Sms', element({ to: 'the far end', from: 'our number', action: 'none', method: 'POST', statusCallback: 'none' })],
  ['Echo', element({})],
  [
    'Gather',
    element(
      {
        input: 'dtmf',
        action: 'the document’s URL',
        method: 'POST',
        timeout: '5 s',
        speechTimeout: 'auto: 0.8 s',
        finishOnKey: '#',
        numDigits: 'no limit',
        actionOnEmptyResult: 'false',
        bargeIn: 'true',
        partialResultCallback: 'none',
        partialResultCallbackMethod: 'POST',
      },
      // Without effect, because the words are known.
      'hints language speechModel enhanced profanityFilter maxSpeechTime debug',
      'Say Play Pause',
    ),
  ],
  ['Connect', element({ action: 'none', method: 'POST' }, '', 'Stream ConversationRelay')],
  ['Start', element({}, '', 'Stream Recording Transcription')],
  ['Stop', element({}, '', 'Stream Recording Transcription')],
  [
    'Transcription',
    element(
      {
        name: 'none',
        track: 'both_tracks',
        statusCallbackUrl: 'none',
        statusCallbackMethod: 'POST',
        partialResults: 'false',
        languageCode: 'en-US',
        transcriptionEngine: 'google',
        inboundTrackLabel: 'none',
        outboundTrackLabel: 'none',
      },
      'speechModel hints profanityFilter enableAutomaticPunctuation intelligenceService conversationConfiguration ' +
        'conversationId transcriptionConfigurationId enableProviderData',
    ),
  ],
  [
    'Record',
    element({
      action: 'the document’s URL',
      method: 'POST',
      timeout: '5 s',
      finishOnKey: '1234567890*#',
      maxLength: '1 h',
      playBeep: 'true',
      trim: 'do-not-trim',
      transcribe: 'false',
      transcribeCallback: 'none',
      ...RECORDING,
    }),
  ],
  ['Recording', element({ channels: 'mono', track: 'both', trim: 'do-not-trim', ...RECORDING })],
  [
    'ConversationRelay',
    element(
      {
        url: 'needed',
        welcomeGreeting: 'none',
        welcomeGreetingInterruptible: 'any',
        interruptible: 'any',
        dtmfDetection: 'false',
        reportInputDuringAgentSpeech: 'none',
        voice: 'the network’s choice',
        language: 'en-US',
        transcriptionLanguage: 'the language',
        partialPrompts: 'false',
        preemptible: 'false',
        events: 'none',
        debug: 'none',
      },
      'ttsLanguage interruptSensitivity ttsProvider transcriptionProvider speechModel hints profanityFilter ' +
        'speechTimeout ignoreBackchannel intelligenceService elevenlabsTextNormalization',
      'Language Parameter',
    ),
  ],
  [
    'Language',
    element({ code: 'needed', voice: 'the network’s choice' }, 'ttsProvider transcriptionProvider speechModel'),
  ],
  [
    'Stream',
    element(
      { url: 'needed', name: 'none', track: 'inbound_track', ...CALLBACK },
      'connectorName audioFormat sampleRate',
      'Parameter',
    ),
  ],
  [
    'Enqueue',
    element(
      {
        action: 'none',
        method: 'POST',
        waitUrl: 'music',
        waitUrlMethod: 'POST',
        maxQueueSize: '100',
        workflowSid: 'none',
      },
      '',
      'Task',
    ),
  ],
  ['Task', element({}, 'priority timeout')],
  [
    'Dial',
    element(
      {
        action: 'none',
        method: 'POST',
        timeout: '30 s',
        timeLimit: '4 h',
        callerId: 'the caller',
        answerOnBridge: 'false',
        hangupOnStar: 'false',
        sequential: 'false',
        record: 'do-not-record',
        recordingTrack: 'both',
        trim: 'do-not-trim',
        ...RECORDING,
      },
      'recordingConfigurationId ringTone referUrl referMethod events passports callReason',
      'Number Client Conference Queue Sip Sim Application WhatsApp Conversation',
    ),
  ],
  [
    'Number',
    element(
      {
        ...CALLEE,
        sendDigits: 'none',
        ...DETECTED,
      },
      'byoc',
    ),
  ],
  ['Client', element(CALLEE, '', 'Identity Parameter')],
  [
    'Application',
    element(
      { copyParentTo: 'false', ...CALLBACK, statusCallbackEvent: 'completed' },
      'customerId url method',
      'ApplicationSid Parameter',
    ),
  ],
  ['ApplicationSid', element({})],
  ['Identity', element({})],
  ['Parameter', element({ name: 'needed', value: 'empty' })],
  ['Queue', element({ url: 'none', method: 'POST' }, 'reservationSid postWorkActivitySid')],
  [
    'Conference',
    element(
      {
        muted: 'false',
        beep: 'true',
        startConferenceOnEnter: 'true',
        endConferenceOnExit: 'false',
        waitUrl: 'music',
        waitMethod: 'POST',
        maxParticipants: '250',
        participantLabel: 'none',
        coach: 'none',
        ...CALLBACK,
        statusCallbackEvent: 'none',
        record: 'do-not-record',
        trim: 'trim-silence',
        ...RECORDING,
      },
      'region jitterBufferSize eventCallbackUrl',
    ),
  ],
])

/** Verbs and nouns of Twilio that this network does not perform. */
export const NOT_PERFORMED: ReadonlySet<string> = new Set(
  words('Room VirtualAgent AiSession ConversationRelaySession Siprec Pay Prompt Sim WhatsApp Conversation'),
)
