/**
 * The vocabulary of what a caller leaves behind who reached nobody: a message in somebody's box, or a missed call. The carrier's report of
 * a recording may be lost, so the carrier is asked for it after the end of the call.
 */
import { deskName, parseId, workspaceOf } from '../../ids.ts'
import type { Repeat } from '../../machine.ts'

/** A carrier that has not told of a recording is asked for it so long after the end of the call, one time after another. */
export const LOOKS_AFTER_MS: readonly number[] = [10_000, 120_000, 900_000]
/** What is shorter is no message (S4: a missed call). */
export const MESSAGE_SECONDS_MIN = 1
/** More messages of one call are not kept: a flow that loops must not fill a box. */
export const MESSAGES_MAX = 5

/** Whose message it is: `id` names a person as calls do (`agentOfDesk`), a queue by its id, and is empty for the box of the workspace. */
export interface Box {
  kind: 'person' | 'queue' | 'workspace'
  id: string
}
export const GENERAL_BOX: Box = { kind: 'workspace', id: '' }

/** A box as a step of a flow names it: the id of a queue, the id of a person, or `workspace`. Null: it names none. */
export function boxNamed(text: string): Box | null {
  const named = text.trim()
  if (named === '') return null
  if (named === 'workspace') return GENERAL_BOX
  if (parseId('queue', named, workspaceOf(named)) !== null) return { kind: 'queue', id: named }
  return { kind: 'person', id: deskName(named) }
}

/** One recording that the carrier made of a message. */
export interface Message {
  recordingId: string
  /** null: the carrier does not say */
  seconds: number | null
}

export interface Voicemail {
  /** the person on the call, E.164; empty: they show no number */
  number: string
  /** whom they wanted; null: nobody has been asked for them yet */
  box: Box | null
  /** they were asked for a message */
  asked: boolean
  /** a person or an AI agent of ours has talked with them, or they are called back: no call was missed */
  met: boolean
  /** recordings that the carrier has told of, and that are not in the box yet */
  told: readonly Message[]
  /** ids of the recordings that are in the box */
  left: readonly string[]
  /** the carrier says that nothing was recorded */
  empty: boolean
  /** the call is over, and was written down as missed if it was */
  over: boolean
  /** how often the carrier was asked for a message, and when it is asked next; null: it is not */
  looks: number
  lookAt: number | null
}

export type VoicemailInput = { at: number } & {
  /** the carrier's answer to the question for a message of this call */
  type: 'voicemail.looked'
  found: readonly Message[]
}
export type VoicemailFact = { at: number } & (
  | { type: 'voicemail-began'; box: Box; personal: { number: string } }
  | { type: 'voicemail-left'; box: Box; recordingId: string; seconds: number | null; place: number }
  /** the call is over and nobody was reached; a message may still come */
  | { type: 'voicemail-missed'; box: Box }
  /** `untilMs` null: it was the last time */
  | { type: 'voicemail-sought'; looks: number; untilMs: number | null }
  | { type: 'voicemail-found'; messages: readonly Message[] }
)
export type VoicemailEffect =
  | Repeat<
      'neighbour',
      | {
          type: 'file-message'
          box: Box
          number: string
          recordingId: string
          seconds: number | null
          place: number
          at: number
        }
      | { type: 'file-missed'; box: Box; number: string; at: number }
    >
  | Repeat<'carrier', { type: 'find-message'; providerId: string }>
