import { parseTwiml, type TwimlNode } from '../twiml/document.ts'
import { checkTwiml } from '../twiml/grammar.ts'
import { announceEnded } from './announce.ts'
import { readingOf } from './answer-reading.ts'
import { endCall, hangUpFromTwiml, statusAfterHangUp } from './end-call.ts'
import type { FetchOutcome } from './input.ts'
import { fetchInstructions, proceed } from './proceed.ts'
import { leave, leaveAll } from './runs.ts'
import { alert, fact, soon, type Turn } from './turn.ts'
import { tellVerb, VERBS } from './verbs/table.ts'
import { waitEnded, waitFailed } from './waiting.ts'
import { type Call, type Instructions, isLive, type Why } from './world.ts'

/**
 * TwiML documents. A document is fetched from its URL, or from the fallback URL, and replaced by Twilio's application
 * error when both fail. Its verbs are started one after another. When it ends, what follows depends on why it was
 * performed.
 */

/** So many documents one after another, of which none did anything, are a loop. */
export const IDLE_DOCUMENTS_MAX = 50

const APPLICATION_ERROR = 'We are sorry, an application error has occurred. Goodbye.'

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
  for (const note of checkTwiml(parsed.verbs, parsed.text)) alert(turn, call, note.code, note.message)
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

/** The callee hears that the program failed, and not the network. */
function applicationError(turn: Turn, call: Call): void {
  if (call.status !== 'in-progress') {
    // An inbound call that nobody has answered fails without a sentence.
    endCall(turn, call, call.direction === 'inbound' ? 'failed' : statusAfterHangUp(call).status, 500)
    return
  }
  const say: TwimlNode = { name: 'Say', attributes: {}, text: APPLICATION_ERROR, children: [] }
  takeDocument(turn, call, [say, { name: 'Hangup', attributes: {}, text: '', children: [] }], null)
}

/** The answer to a fetch. A late answer to an older fetch is dropped: the call was redirected in the meantime. */
export function takeAnswer(turn: Turn, call: Call, token: number, outcome: FetchOutcome): void {
  if (call.doing.what !== 'fetching' || call.doing.token !== token) return
  const { target, fallback } = call.doing
  if (call.idleDocuments > IDLE_DOCUMENTS_MAX) return endLoop(turn, call, target.url)
  let failure = 12100
  const reading = outcome.ok ? readingOf(outcome.contentType, outcome.body) : outcome
  if (typeof reading === 'object') {
    alert(turn, call, reading.code, reading.message)
    failure = reading.code
  } else if (outcome.ok) {
    if (reading === 'sound') return takeAudio(turn, call, outcome.url)
    if (reading === 'text') return takeText(turn, call, outcome.body, outcome.url)
    if (runTwiml(turn, call, outcome.body, outcome.url)) return
  }
  if (fallback === null) noDocument(turn, call)
  else {
    const extra = { ErrorCode: String(failure), ErrorUrl: target.url }
    fetchInstructions(turn, call, fallback, null, extra)
  }
}

/** An answer of a sound file is played: once, or in a loop to those who wait. */
function takeAudio(turn: Turn, call: Call, url: string): void {
  const attributes: Record<string, string> = call.why === 'wait' ? { loop: '0' } : {}
  takeDocument(turn, call, [{ name: 'Play', attributes, text: url, children: [] }], url)
}

/** Twilio has no code of its own for this; the alert has code 0, as all remarks of this network. */
function endLoop(turn: Turn, call: Call, url: string): void {
  alert(
    turn,
    call,
    0,
    `loop: ${IDLE_DOCUMENTS_MAX} documents in a row did nothing but lead to another one, last ${url}`,
  )
  call.idleDocuments = 0
  noDocument(turn, call)
}

/** An answer of plain text is read out; after that the document is over. */
function takeText(turn: Turn, call: Call, text: string, url: string): void {
  takeDocument(turn, call, [{ name: 'Say', attributes: {}, text: text.trim(), children: [] }], url)
}

/** The document cannot be fetched at all. A waiting call gets music instead and does not end. */
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

/** The verbs that are allowed in a document that is performed within another one. */
const WITHIN: Record<Exclude<Why, 'main'>, ReadonlySet<string>> = {
  prompt: new Set(['Say', 'Play', 'Pause']),
  announce: new Set(['Say', 'Play', 'Pause', 'Redirect']),
  // https://www.twilio.com/docs/voice/twiml/enqueue#attributes-waitUrl
  wait: new Set(['Say', 'Play', 'Pause', 'Gather', 'Record', 'Redirect', 'Hangup', 'Leave']),
  whisper: new Set(['Say', 'Play', 'Pause', 'Gather', 'Record', 'Redirect', 'Hangup', 'Reject']),
}

/** Start the next verb of the document that sounds now. */
export function nextVerb(turn: Turn, call: Call): void {
  if (!isLive(call)) return
  call.doing = { what: 'nothing' }
  call.verbAt = turn.at
  const node = call.verbs[call.cursor]
  call.cursor += 1
  if (node === undefined) return documentEnded(turn, call)
  if (call.why !== 'main' && !WITHIN[call.why].has(node.name)) {
    alert(turn, call, 12200, `Schema validation warning: <${node.name}> is not performed in a document to ${call.why}`)
    return proceed(turn, call)
  }
  const verb = VERBS.get(node.name)
  // The alert about a verb that is unknown or not performed was written when the document came.
  if (verb === undefined) proceed(turn, call)
  else verb.start(turn, call, node)
}

function documentEnded(turn: Turn, call: Call): void {
  switch (call.why) {
    case 'main':
      return hangUpFromTwiml(turn, call)
    case 'prompt':
      leave(call)
      tellVerb(turn, call, { kind: 'prompts.over' })
      return
    case 'wait':
      return waitEnded(turn, call)
    case 'announce':
      return announceEnded(turn, call, true)
    case 'whisper':
      leave(call)
      return whisperEnded(turn, call)
  }
}

/** The callee has heard the document that was for it alone, and has not hung up: now it is bridged. */
function whisperEnded(turn: Turn, call: Call): void {
  if (tellVerb(turn, call, { kind: 'whisper.over' })) return
  if (call.parentSid !== null) soon(turn, { kind: 'child.answered', callSid: call.parentSid, child: call.sid })
}
