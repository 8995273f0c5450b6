import { playFailed } from './acting.ts'
import { dropFromBook, keepInBook } from './book.ts'
import { endConference, joinConference, leaveConference } from './conference.ts'
import { giveVerdict } from './detection.ts'
import { beginInstructions, nextVerb, takeAnswer } from './documents.ts'
import { endCall, lineEnded, statusAfterHangUp } from './end-call.ts'
import { actEnded, hearSentence, hearStart, sentenceStarted, takeDigits } from './hearing.ts'
import type { Fact, Input, Intent, Step } from './input.ts'
import { receiveFromBrowser, receiveFromPerson, requestCall } from './make-call.ts'
import { sendMessage, subscribe, takeMessage, unsubscribe } from './messages.ts'
import { addParticipant, announceToAll, changeParticipant, kickParticipant } from './participants.ts'
import { makeQueue } from './queue.ts'
import { redirectCall } from './redirect.ts'
import { answerOutbound, connect, reachDevices, ring, startCall } from './ringing.ts'
import { dialOf } from './runs.ts'
import { isSipInput, takeSipAnswer, takeSipInput, tellRefer } from './sip/sip-call.ts'
import { takeMediaInput } from './take-media.ts'
import { takeTextInput, takeTextStep } from './texts/take-text.ts'
import { alert, fact, soon, type Turn } from './turn.ts'
import { tellVerb } from './verbs/table.ts'
import { takeCode, typeWholeCode } from './verification.ts'
import { waitAgain } from './waiting.ts'
import { type Call, CPS_MAX, callOfPhone, isLive, type World } from './world.ts'

export interface Outcome {
  facts: Fact[]
  intents: Intent[]
}

/**
 * The whole engine: one input at one instant changes the world, and the outcome says what happened and what must be
 * done. It is deterministic: the same seed and the same inputs give the same facts, SIDs included. It has no clock, and
 * no source of chance but the world's own. Timers that are due by `at` are taken first, each at its own time, so a late clock
 * changes nothing.
 */
export function apply(world: World, input: Input & { at: number }): Outcome {
  const turn: Turn = { world, at: input.at, facts: [], intents: [], soon: [] }
  strikeTimers(turn, input.at)
  turn.at = input.at
  takeInput(turn, input)
  settle(turn)
  return { facts: turn.facts, intents: turn.intents }
}

/** When the engine must be called again at the latest; null when nothing is due. */
export function nextDue(world: World): number | null {
  return world.timers[0]?.at ?? null
}

function strikeTimers(turn: Turn, until: number): void {
  for (let timer = turn.world.timers[0]; timer && timer.at <= until; timer = turn.world.timers[0]) {
    turn.world.timers.shift()
    turn.at = timer.at
    takeStep(turn, timer.step)
    settle(turn)
  }
}

function settle(turn: Turn): void {
  for (let step = turn.soon.shift(); step; step = turn.soon.shift()) takeStep(turn, step)
}

function hangUp(turn: Turn, call: Call): void {
  const { status, sipCode } = statusAfterHangUp(call)
  endCall(turn, call, status, sipCode)
}

/** The far end hangs up: an answered call is completed, one that still rings was given up by its caller or declined. */
function farHangsUp(turn: Turn, call: Call): void {
  if (call.status === 'in-progress') endCall(turn, call, 'completed', 200)
  else if (call.direction === 'inbound') endCall(turn, call, 'no-answer', 487)
  else endCall(turn, call, 'busy', 603)
}

function isUnanswered({ status }: Call): boolean {
  return status === 'ringing' || status === 'initiated'
}

/** Begin with a call's own TwiML, or with the conference seat for which REST has created it. */
function begin(turn: Turn, call: Call): void {
  if (call.seat === null) {
    beginInstructions(turn, call, call.instructions)
    return
  }
  call.verbs = []
  const conference = joinConference(turn, call, call.seat)
  if (conference === null) hangUp(turn, call)
}

function takeStep(turn: Turn, step: Step): void {
  if ('textSid' in step) return takeTextStep(turn, step)
  const call = turn.world.calls.get(step.callSid)
  if (!call || !isLive(call)) {
    // A child may answer in the same instant in which its parent ends; without a parent it is hung up.
    if (step.kind === 'child.answered') soon(turn, { kind: 'hang-up.wanted', callSid: step.child })
    return
  }
  switch (step.kind) {
    case 'call.due':
      return startCall(turn, call)
    case 'ring.due':
      return ring(turn, call)
    case 'answer.due':
      return answerOutbound(turn, call)
    case 'refusal.due':
      return call.status === 'in-progress' ? undefined : endCall(turn, call, step.status, step.sipCode)
    case 'ring-limit.reached':
      return isUnanswered(call) ? endCall(turn, call, 'no-answer', 487) : undefined
    case 'time-limit.reached':
    case 'hang-up.wanted':
      return hangUp(turn, call)
    case 'digits.sent':
      return connect(turn, call)
    case 'wait.again':
      return waitAgain(turn, call, step.token)
    case 'verdict.due':
      return giveVerdict(turn, call, step.answeredBy)
    case 'act.due':
      return actEnded(turn, call, step.token)
    case 'person.hangs-up':
      return farHangsUp(turn, call)
    case 'person.presses':
      return pressed(turn, call, step.digits)
    case 'line.ended':
      return lineEnded(turn, call)
    case 'line.began':
      return hearStart(turn, call)
    case 'line.said':
      return hearSentence(turn, call, step.text)
    case 'instructions.wanted':
      return begin(turn, call)
    case 'code.typed':
      return typeWholeCode(turn, call)
    case 'verb.due':
      return nextVerb(turn, call)
    case 'child.answered':
      if (!tellVerb(turn, call, step)) soon(turn, { kind: 'hang-up.wanted', callSid: step.child })
      return
    case 'conference.left':
    case 'queue.left':
      // Without a `<Dial>` or `<Enqueue>` that waited for it, the document continues.
      if (!tellVerb(turn, call, step)) soon(turn, { kind: 'verb.due', callSid: call.sid })
      return
    default:
      tellVerb(turn, call, step)
  }
}

function takeInput(turn: Turn, input: Input): void {
  const { world } = turn
  if (input.kind === 'call.forgotten') return forgetCall(turn, input.callSid)
  if (isSipInput(input)) return takeSipInput(turn, input)
  if ('callSid' in input && input.kind !== 'participant.changed' && input.kind !== 'participant.kicked') {
    const call = world.calls.get(input.callSid)
    if (call && isLive(call)) takeCallInput(turn, call, input)
    return
  }
  switch (input.kind) {
    case 'call.requested':
      if (input.request.seat === null) requestCall(turn, input.request)
      else addParticipant(turn, input.request)
      return
    case 'number.dialed':
      return void receiveFromPerson(turn, input.from, input.to)
    case 'browser.dialed':
      return void receiveFromBrowser(turn, input.identity, input.applicationSid, input.parameters)
    case 'phone.answered':
    case 'phone.refused':
    case 'phone.hung-up':
      return takePhoneInput(turn, input)
    case 'participant.changed':
    case 'participant.kicked':
    case 'conference.closed':
    case 'conference.announced':
      return takeConferenceInput(turn, input)
    case 'queue.made':
      makeQueue(turn, input.friendlyName, input.sizeMax)
      return
    case 'queue.changed':
    case 'queue.removed':
    case 'member.dequeued':
      return takeQueueInput(turn, input)
    case 'transcription.requested':
    case 'transcription.stopped':
    case 'relay.said':
    case 'relay.pressed':
    case 'relay.over':
    case 'recording.requested':
    case 'recording.changed':
    case 'recording.removed':
    case 'transcript.removed':
    case 'recording.silent':
    case 'recording.finished':
    case 'stream.requested':
    case 'stream.stopped':
    case 'stream.opened':
    case 'stream.lost':
    case 'media.alerted':
      return takeMediaInput(turn, input)
    case 'text.requested':
    case 'text.received':
    case 'text.answered':
    case 'text.emptied':
    case 'text.forgotten':
      return takeTextInput(turn, input)
    case 'book.kept':
      return keepInBook(turn, input.change)
    case 'book.dropped':
      return dropFromBook(turn, input.of, input.sid)
    case 'people.defined':
    case 'cps.changed':
    case 'recogniser.changed':
    case 'double-answers.wanted':
      return takeSetting(turn, input)
    default:
      return
  }
}

type Setting = Extract<
  Input,
  { kind: 'people.defined' | 'cps.changed' | 'recogniser.changed' | 'double-answers.wanted' }
>

/** Settings of the world, as opposed to events in it. */
function takeSetting(turn: Turn, input: Setting): void {
  const { world } = turn
  switch (input.kind) {
    case 'people.defined':
      for (const person of input.people) world.people.set(person.number, person)
      return fact(turn, { kind: 'people-defined', numbers: input.people.map(person => person.number) })
    case 'cps.changed':
      world.cps = Math.min(Math.max(1, Math.round(input.cps)), CPS_MAX)
      return fact(turn, { kind: 'cps-changed', cps: world.cps })
    case 'recogniser.changed':
      world.recogniserErrorRate = input.errorRate
      return
    case 'double-answers.wanted':
      world.doubleAnswers = input.count
      return
  }
}

function forgetCall(turn: Turn, sid: string): void {
  const call = turn.world.calls.get(sid)
  if (!call || isLive(call)) return
  turn.world.calls.delete(sid)
  fact(turn, { kind: 'call-forgotten', callSid: sid })
}

type CallInput = Extract<Input, { callSid: string }>

function takeCallInput(turn: Turn, call: Call, input: CallInput): void {
  switch (input.kind) {
    case 'call.changed':
      return redirectCall(turn, call, input.change)
    case 'call.cut':
      return hangUp(turn, call)
    case 'devices.counted':
      return reachDevices(turn, call, input.devices)
    case 'client.answered':
      return answerOutbound(turn, call)
    case 'client.rejected':
      return input.how === 'gone' ? endCall(turn, call, 'no-answer', 480) : endCall(turn, call, 'busy', 603)
    case 'message.arrived':
      return takeMessage(turn, call, input.sid, input.content)
    case 'message.posted':
      return sendMessage(turn, call, input.content, input.idempotencyKey)
    case 'messages.subscribed':
      return subscribe(turn, call, input.callback, input.idempotencyKey)
    case 'messages.unsubscribed':
      return unsubscribe(call, input.sid)
    case 'sip.rang':
    case 'sip.answered':
    case 'sip.refused':
      return takeSipAnswer(turn, call, input)
    case 'sip.referred':
    case 'sip.notified':
      return tellRefer(turn, call, input)
    case 'client.hung-up':
    case 'sip.hung-up':
      return farHangsUp(turn, call)
    case 'digits.pressed':
      return pressed(turn, call, input.digits)
    case 'person.listened':
      return actEnded(turn, call, input.token)
    case 'instructions.fetched':
      return takeAnswer(turn, call, input.token, input.outcome)
    case 'answerer.heard':
      return giveVerdict(turn, call, input.answeredBy)
    case 'sound.failed':
      alert(turn, call, input.code, input.message)
      tellVerb(turn, call, input)
      return playFailed(turn, call, input.token)
    case 'sound.started':
      tellVerb(turn, call, input)
      return sentenceStarted(turn, call, input.token, input.ms)
    default:
      return
  }
}

function pressed(turn: Turn, call: Call, digits: string): void {
  takeCode(turn, call, digits)
  takeDigits(turn, call, digits)
  if (dialOf(call)?.hangupOnStar && digits.includes('*')) leaveStarred(turn, call)
}

/** `hangupOnStar`: the call leaves its `<Dial>`, whatever it dialled, and continues with its TwiML. */
function leaveStarred(turn: Turn, call: Call): void {
  if (call.conferenceSid !== null) {
    leaveConference(turn, call, 'participant_hung_up')
    tellVerb(turn, call, { kind: 'conference.left', callSid: call.sid })
  } else tellVerb(turn, call, { kind: 'star.pressed' })
}

type PhoneInput = Extract<Input, { kind: 'phone.answered' | 'phone.refused' | 'phone.hung-up' }>

function takePhoneInput(turn: Turn, input: PhoneInput): void {
  if (input.kind === 'phone.answered') {
    for (const number of input.numbers) {
      const call = callOfPhone(turn.world, number)
      if (call) answerOutbound(turn, call)
    }
    return
  }
  const call = callOfPhone(turn.world, input.number)
  if (!call) return
  if (input.kind === 'phone.hung-up') return farHangsUp(turn, call)
  if (call.status !== 'ringing' || call.direction === 'inbound') return
  if (input.how === 'no-answer') endCall(turn, call, 'no-answer', 487)
  else endCall(turn, call, 'busy', input.how === 'busy' ? 486 : 603)
}

type ConferenceInput = Extract<
  Input,
  { kind: 'participant.changed' | 'participant.kicked' | 'conference.closed' | 'conference.announced' }
>

function takeConferenceInput(turn: Turn, input: ConferenceInput): void {
  const conference = turn.world.conferences.get(input.conferenceSid)
  if (!conference) return
  if (input.kind === 'conference.announced') return announceToAll(turn, conference, input.announce)
  if (input.kind === 'conference.closed') return endConference(turn, conference, 'conference-ended-via-api', null)
  const participant = conference.participants.get(input.callSid)
  const call = turn.world.calls.get(input.callSid)
  if (!participant || !call) return
  if (input.kind === 'participant.kicked') return kickParticipant(turn, call, participant)
  changeParticipant(turn, conference, participant, input.change)
}

type QueueInput = Extract<Input, { kind: 'queue.changed' | 'queue.removed' | 'member.dequeued' }>

function takeQueueInput(turn: Turn, input: QueueInput): void {
  const queue = turn.world.queues.get(input.queueSid)
  if (!queue) return
  if (input.kind === 'queue.removed') {
    // The REST layer refuses this for a queue that is not empty.
    turn.world.queues.delete(queue.sid)
    return
  }
  if (input.kind === 'queue.changed') {
    queue.friendlyName = input.friendlyName ?? queue.friendlyName
    queue.sizeMax = input.sizeMax ?? queue.sizeMax
    queue.updatedAt = turn.at
    return
  }
  const call = turn.world.calls.get(input.memberSid)
  if (!call || !isLive(call)) return
  redirectCall(turn, call, {
    status: null,
    instructions: { ...input.target, fallback: null },
    statusCallback: null,
    timeLimitMs: null,
  })
}
