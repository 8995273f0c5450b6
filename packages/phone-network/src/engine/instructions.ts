import { parseTwiml, type TwimlNode } from '../twiml/document.ts'
import { checkTwiml } from '../twiml/grammar.ts'
import { announceEnded } from './announce.ts'
import { endCall, statusAfterHangUp } from './end-call.ts'
import type { FetchOutcome } from './input.ts'
import { leaveAll } from './runs.ts'
import { alert, fact, intend, soon, type Turn } from './turn.ts'
import { waitFailed } from './waiting.ts'
import { voiceFields } from './webhook-fields.ts'
import { type Call, type Instructions, newToken, type Target } from './world.ts'

/** Fetching TwiML: the URL, then its fallback, then the application error that Twilio's callers know. */

const APPLICATION_ERROR = 'We are sorry, an application error has occurred. Goodbye.'

/** Ask `target` for TwiML; the answer comes back with the token. */
export function fetchInstructions(
  turn: Turn,
  call: Call,
  target: Target,
  fallback: Target | null,
  extra: Record<string, string> = {},
): void {
  const token = newToken(turn.world)
  call.doing = { what: 'fetching', token, target, fallback }
  const fields = { ...voiceFields(turn.world, call), ...extra }
  intend(turn, { do: 'fetch', callSid: call.sid, token, target, fields })
}

/** Perform the call's instructions from the first verb. */
export function beginInstructions(turn: Turn, call: Call, instructions: Instructions): void {
  if ('twiml' in instructions) runTwiml(turn, call, instructions.twiml, null)
  else fetchInstructions(turn, call, { url: instructions.url, method: instructions.method }, instructions.fallback)
}

function runTwiml(turn: Turn, call: Call, twiml: string, url: string | null): boolean {
  const parsed = parseTwiml(twiml)
  if (!parsed.ok) {
    alert(turn, call, parsed.code, parsed.message)
    if (url === null) noDocument(turn, call)
    return false
  }
  for (const note of checkTwiml(parsed.verbs)) alert(turn, call, note.code, note.message)
  takeDocument(turn, call, parsed.verbs, url)
  return true
}

function takeDocument(turn: Turn, call: Call, verbs: TwimlNode[], url: string | null): void {
  call.verbs = verbs
  call.cursor = 0
  call.documentUrl = url
  call.doing = { what: 'nothing' }
  fact(turn, { kind: 'twiml-received', callSid: call.sid, url, verbs: verbs.map(verb => verb.name) })
  soon(turn, { kind: 'verb.due', callSid: call.sid })
}

/** A callee that hears this knows that the program failed, not the network. */
function applicationError(turn: Turn, call: Call): void {
  if (call.status !== 'in-progress') {
    // Nobody has answered an inbound call yet: it fails without a word.
    endCall(turn, call, call.direction === 'inbound' ? 'failed' : statusAfterHangUp(call).status, 500)
    return
  }
  const say: TwimlNode = { name: 'Say', attributes: {}, text: APPLICATION_ERROR, children: [] }
  takeDocument(turn, call, [say, { name: 'Hangup', attributes: {}, text: '', children: [] }], null)
}

const TWIML_TYPES = ['text/xml', 'application/xml', 'text/html', 'text/plain', 'application/xhtml+xml']

/** Twilio's 12300: the answer is not TwiML. Plain text is said, which no program here relies on, so it is refused. */
function typeIsTwiml(contentType: string): boolean {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  return type === '' || TWIML_TYPES.includes(type)
}

/** The answer to a fetch. A late answer to an older fetch (the call was redirected meanwhile) is dropped. */
export function takeAnswer(turn: Turn, call: Call, token: number, outcome: FetchOutcome): void {
  if (call.doing.what !== 'fetching' || call.doing.token !== token) return
  const { target, fallback } = call.doing
  let failure: number
  if (outcome.ok && /^audio\//i.test(outcome.contentType)) return takeAudio(turn, call, outcome.url)
  if (!outcome.ok) {
    alert(turn, call, outcome.code, outcome.message)
    failure = outcome.code
  } else if (!typeIsTwiml(outcome.contentType)) {
    alert(turn, call, 12300, `Invalid Content-Type: ${outcome.contentType}`)
    failure = 12300
  } else {
    if (runTwiml(turn, call, outcome.body, outcome.url)) return
    failure = 12100
  }
  if (fallback === null) noDocument(turn, call)
  else {
    const extra = { ErrorCode: String(failure), ErrorUrl: target.url }
    fetchInstructions(turn, call, fallback, null, extra)
  }
}

/** A sound file instead of a document is played, to those who wait without end. */
function takeAudio(turn: Turn, call: Call, url: string): void {
  const attributes: Record<string, string> = call.why === 'wait' ? { loop: '0' } : {}
  takeDocument(turn, call, [{ name: 'Play', attributes, text: url, children: [] }], url)
}

/** What is missing decides who suffers: nobody loses a call because of the music that it waits to. */
function noDocument(turn: Turn, call: Call): void {
  switch (call.why) {
    case 'wait':
      return waitFailed(turn, call)
    case 'announce':
      return announceEnded(turn, call, false)
    default:
      leaveAll(call)
      return applicationError(turn, call)
  }
}

/** A URL in a document may be relative to the document. Null when it is not a URL. */
export function resolveUrl(call: Call, reference: string): string | null {
  if (reference === '') return call.documentUrl
  try {
    return new URL(reference, call.documentUrl ?? undefined).href
  } catch {
    return null
  }
}
