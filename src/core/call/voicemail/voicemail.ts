/** The part `voicemail` of a call: the message of a caller who reached nobody, and the call that was missed. */
import { agentOfDesk } from '../../ids.ts'
import { repeat, tell, unreachable } from '../../machine.ts'
import { type FactOf, isOf, type Making, type Part } from '../../parts.ts'
import type { CallEffect, CallState, PartFact, PartInput } from '../state.ts'
import {
  type Box,
  boxNamed,
  GENERAL_BOX,
  LOOKS_AFTER_MS,
  MESSAGE_SECONDS_MIN,
  MESSAGES_MAX,
  type Voicemail,
  type VoicemailFact,
} from './state.ts'

type Fact = FactOf<'voicemail', PartFact>

const FRESH: Omit<Voicemail, 'number' | 'box'> = {
  asked: false,
  met: false,
  told: [],
  left: [],
  empty: false,
  over: false,
  looks: 0,
  lookAt: null,
}

export const voicemail: Part<'voicemail', CallState, Voicemail | null, PartInput, PartFact, CallEffect> = {
  initial: null,
  decide(making, { at, found }) {
    const known = making.state.voicemail
    if (known === null || known.left.length > 0 || found.length === 0) return
    making.add({ type: 'voicemail-found', at, messages: found })
  },
  strike(making) {
    const { lookAt = null, looks = 0 } = making.state.voicemail ?? {}
    if (lookAt === null || making.at < lookAt) return
    const waitMs = LOOKS_AFTER_MS[looks + 1]
    const untilMs = waitMs === undefined ? null : making.at + waitMs
    making.add({ type: 'voicemail-sought', at: making.at, looks: looks + 1, untilMs })
  },
  settle(making) {
    began(making)
    left(making)
    missed(making)
  },
  evolve: (slice, fact, before) =>
    isOf('voicemail', fact)
      ? evolve(slice, fact)
      : slice === null
        ? ofCall(fact)
        : after(slice, fact as PartFact, before),
  react: (fact, state) => (isOf('voicemail', fact) ? react(fact, state) : []),
  deadline: state => state.voicemail?.lookAt ?? null,
  about: {
    'voicemail-began': whose,
    'voicemail-left': whose,
    'voicemail-missed': whose,
    'voicemail-sought': 'self',
    'voicemail-found': 'self',
  },
}

function whose({ box }: { box: Box }): { queue?: string } {
  return box.kind === 'queue' ? { queue: box.id } : {}
}

/** The caller is asked for a message now, by whatever part of the call. */
function began({ at, state, add }: Making<CallState, Fact>): void {
  const { call, voicemail } = state
  const box = call.phase === 'live' ? boxAsked(state) : null
  if (box === null || call.phase !== 'live') return
  if (voicemail?.asked && voicemail.box?.kind === box.kind && voicemail.box.id === box.id) return
  const number = call.links.kind === 'inbound' ? call.party.from : call.party.to
  add({ type: 'voicemail-began', at, box, personal: { number } })
}

function boxAsked({ call, flow, transfer, voicemail }: CallState): Box | null {
  if (call.phase !== 'live') return null
  if (transfer?.place?.at === 'voicemail') return personAt(transfer.origin.deskId)
  if (call.voicemail) return voicemail?.box ?? GENERAL_BOX
  const waiting = flow?.phase === 'running' ? flow.waiting : null
  if (waiting?.for !== 'carrier' || waiting.expects !== 'message') return null
  return boxNamed(waiting.box ?? '') ?? voicemail?.box ?? GENERAL_BOX
}

function personAt(deskId: string): Box {
  const id = agentOfDesk(deskId)
  return id === null ? GENERAL_BOX : { kind: 'person', id }
}

/** Each recording that the carrier has told of is a message, once, however often it is told. */
function left({ at, state, add }: Making<CallState, Fact>): void {
  const { voicemail } = state
  if (voicemail === null || !voicemail.asked) return
  const box = voicemail.box ?? GENERAL_BOX
  const known = new Set(voicemail.left)
  let place = voicemail.left.length
  for (const { recordingId, seconds } of voicemail.told) {
    if (known.has(recordingId) || place >= MESSAGES_MAX) continue
    known.add(recordingId)
    place += 1
    add({ type: 'voicemail-left', at, box, recordingId, seconds, place })
  }
}

function missed({ at, state, add }: Making<CallState, Fact>): void {
  const { call, voicemail } = state
  if (call.phase !== 'over' || voicemail === null || voicemail.over) return
  const { met, box, left } = voicemail
  if (!met && box !== null && left.length === 0) add({ type: 'voicemail-missed', at, box })
}

/** A call that somebody brings. One that an AI agent answers is not missed. */
function ofCall(fact: { type: string }): Voicemail | null {
  const received = fact as Extract<PartFact, { type: 'call-received' }>
  if (received.type !== 'call-received' || received.links.kind !== 'inbound' || received.talk !== null) return null
  const { deskId } = received.links
  return { ...FRESH, number: received.personal?.from ?? '', box: deskId === null ? null : personAt(deskId) }
}

function after(slice: Voicemail, fact: PartFact, before: CallState): Voicemail {
  switch (fact.type) {
    case 'call-answered':
      // A flow answers before anybody of ours is on the line.
      return before.flow === null && before.talk === null ? { ...slice, met: true } : slice
    case 'call-agent-joined':
    case 'flow-agent-engaged':
    case 'transfer-moved':
    case 'talk-ordered':
      return { ...slice, met: true }
    case 'flow-outside-answered':
      if (fact.verb === 'callback_offer' && fact.answer === 'taken') return { ...slice, met: true }
      return fact.queue === undefined || slice.asked ? slice : { ...slice, box: { kind: 'queue', id: fact.queue } }
    case 'flow-step-ended':
      return fact.verb === 'dial' && fact.result === 'answered' ? { ...slice, met: true } : slice
    case 'recording-reported':
      return recorded(slice, fact)
    case 'call-hungup': {
      const due = slice.asked && slice.left.length === 0 && !slice.empty
      return { ...slice, lookAt: due ? fact.at + (LOOKS_AFTER_MS[0] ?? 0) : null }
    }
    default:
      return slice
  }
}

function recorded(slice: Voicemail, fact: Extract<PartFact, { type: 'recording-reported' }>): Voicemail {
  const { recordingId, seconds, status, message = false } = fact
  if (!message) return slice
  const short = seconds !== null && seconds < MESSAGE_SECONDS_MIN
  if (status === 'absent' || (status === 'completed' && short)) return { ...slice, empty: true, lookAt: null }
  return status === 'completed' ? { ...slice, told: [...slice.told, { recordingId, seconds }] } : slice
}

function evolve(slice: Voicemail | null, fact: VoicemailFact): Voicemail | null {
  if (fact.type === 'voicemail-began') {
    const { box, personal } = fact
    const number = slice?.number || (personal?.number ?? '')
    return { ...(slice ?? FRESH), number, box, asked: true }
  }
  if (slice === null) return null
  switch (fact.type) {
    case 'voicemail-left': {
      const told = slice.told.filter(one => one.recordingId !== fact.recordingId)
      return { ...slice, told, left: [...slice.left, fact.recordingId], lookAt: null }
    }
    case 'voicemail-missed':
      return { ...slice, over: true }
    case 'voicemail-sought':
      return { ...slice, looks: fact.looks, lookAt: fact.untilMs }
    case 'voicemail-found': {
      const long = fact.messages.filter(one => one.seconds === null || one.seconds >= MESSAGE_SECONDS_MIN)
      return { ...slice, told: [...slice.told, ...long], empty: long.length === 0, lookAt: null }
    }
    default:
      return unreachable(fact)
  }
}

function react(fact: VoicemailFact, { call, voicemail }: CallState): CallEffect[] {
  const number = voicemail?.number ?? ''
  switch (fact.type) {
    case 'voicemail-left': {
      const { box, recordingId, seconds, place, at } = fact
      return [tell({ type: 'file-message', box, number, recordingId, seconds, place, at })]
    }
    case 'voicemail-missed':
      return [tell({ type: 'file-missed', box: fact.box, number, at: fact.at })]
    case 'voicemail-sought': {
      const providerId = call.phase === 'empty' ? null : call.providerId
      return providerId === null ? [] : [repeat('carrier', { type: 'find-message', providerId })]
    }
    case 'voicemail-began':
    case 'voicemail-found':
      return []
    default:
      return unreachable(fact)
  }
}
