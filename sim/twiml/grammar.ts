import type { TwimlNode } from './document.ts'

/**
 * Which verbs and attributes Twilio knows, and which of them this network performs.
 * Known to Twilio but not performed here is said plainly in the alert log, never ignored in silence.
 */
interface Element {
  performed: string[]
  /** valid TwiML, accepted, without effect here */
  without: string[]
  children: string[]
}

const DIAL_WITHOUT =
  'record recordingTrack trim recordingStatusCallback recordingStatusCallbackEvent recordingStatusCallbackMethod ' +
  'recordingConfigurationId ringTone referUrl referMethod events passports callReason'
const CALLEE = 'url method statusCallback statusCallbackEvent statusCallbackMethod'
const NUMBER_AMD =
  'machineDetection machineDetectionTimeout machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod'
const GATHER =
  'input action method timeout speechTimeout finishOnKey numDigits actionOnEmptyResult bargeIn hints ' +
  'partialResultCallback partialResultCallbackMethod'
/** what a recogniser with known words has no use for */
const GATHER_WITHOUT = 'language speechModel enhanced profanityFilter maxSpeechTime debug'

function element(performed: string, without = '', children = ''): Element {
  const list = (text: string): string[] => text.split(' ').filter(word => word !== '')
  return { performed: list(performed), without: list(without), children: list(children) }
}

/** Attribute names: the typings of the `twilio` package, 6.2.0. */
const ELEMENTS = new Map<string, Element>([
  ['Say', element('voice language loop')],
  ['Play', element('loop digits')],
  ['Pause', element('length')],
  ['Hangup', element('')],
  ['Redirect', element('method')],
  ['Reject', element('reason')],
  [
    'Dial',
    element(
      'action method timeout timeLimit callerId answerOnBridge hangupOnStar sequential',
      DIAL_WITHOUT,
      'Number Client Conference Queue Sip Sim Application WhatsApp Conversation',
    ),
  ],
  [
    'Number',
    element(
      `${CALLEE} ${NUMBER_AMD} sendDigits`,
      'byoc machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold',
    ),
  ],
  ['Client', element(CALLEE, '', 'Identity Parameter')],
  ['Queue', element('url method', 'reservationSid postWorkActivitySid')],
  ['Gather', element(GATHER, GATHER_WITHOUT, 'Say Play Pause')],
  ['Enqueue', element('action method waitUrl waitUrlMethod maxQueueSize workflowSid', '', 'Task')],
  ['Task', element('priority timeout')],
  ['Leave', element('')],
  ['Identity', element('')],
  ['Parameter', element('name value')],
  [
    'Conference',
    element(
      'muted beep startConferenceOnEnter endConferenceOnExit waitUrl waitMethod maxParticipants participantLabel ' +
        'statusCallback statusCallbackEvent statusCallbackMethod coach',
      'record trim region jitterBufferSize recordingStatusCallback recordingStatusCallbackMethod ' +
        'recordingStatusCallbackEvent eventCallbackUrl',
    ),
  ],
])

/** Verbs and nouns of Twilio that this network does not perform. */
const NOT_PERFORMED = new Set(
  'Record Refer Sms Connect Start Stop Pay Prompt Sip Sim Application WhatsApp Conversation'.split(' '),
)

export interface GrammarNote {
  code: number
  message: string
}

/** 12200 is Twilio's schema warning: https://www.twilio.com/docs/api/errors/12200 */
const SCHEMA_WARNING = 12200

function checkNode(node: TwimlNode, notes: GrammarNote[]): void {
  const known = ELEMENTS.get(node.name)
  if (known === undefined) {
    const why = NOT_PERFORMED.has(node.name)
      ? `the phone network does not perform <${node.name}>; it was skipped`
      : `Schema validation warning: <${node.name}> is not a TwiML verb; it was ignored`
    notes.push({ code: SCHEMA_WARNING, message: why })
    return
  }
  for (const attribute of Object.keys(node.attributes)) {
    if (known.performed.includes(attribute)) continue
    const why = known.without.includes(attribute)
      ? `the phone network accepts ${attribute} of <${node.name}> without performing it`
      : `Schema validation warning: attribute ${attribute} is not allowed in <${node.name}>`
    notes.push({ code: SCHEMA_WARNING, message: why })
  }
  for (const child of node.children) {
    if (ELEMENTS.has(child.name) && !known.children.includes(child.name)) {
      notes.push({
        code: SCHEMA_WARNING,
        message: `Schema validation warning: <${child.name}> is not allowed inside <${node.name}>`,
      })
    } else checkNode(child, notes)
  }
}

/** What Twilio's debugger would say about this document. */
export function checkTwiml(verbs: readonly TwimlNode[]): GrammarNote[] {
  const notes: GrammarNote[] = []
  for (const verb of verbs) checkNode(verb, notes)
  return notes
}
