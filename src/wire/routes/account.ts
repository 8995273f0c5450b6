/** Rows about people, the workspace and its first sign-in. */
import { z } from 'zod'
import { RECORDING_FORMATS, TRANSCRIPT_RULES } from '../../core/recording/policy.ts'
import { config, listOf, me, memberRow, role, signIn } from '../api.ts'
import { nameText } from '../name.ts'
import { newPassword } from '../password.ts'
import { dialable } from '../phone-number.ts'
import { supervisionRule } from '../supervision.ts'
import { timeZone } from '../time-zone.ts'
import { done, memberPages } from './pages.ts'
import type { Rows } from './row.ts'

const email = z.email().max(254)
const personName = nameText(80)
const created = z.object({ userId: z.string() })

const recordingChannels = z.union([z.literal(1), z.literal(2)])
const recordingPolicy = z.object({
  days: z.number().int().min(1).max(3_650),
  /** of the stored file; `mp3`: compressed, as the carrier gives it. It holds for what is recorded from now on */
  format: z.enum(RECORDING_FORMATS),
  /** 2: each side has its own; 1: both sides are mixed */
  channels: recordingChannels,
  /** `all`: every recording is written down when it is there. Only what is stored as WAV can be */
  transcripts: z.enum(TRANSCRIPT_RULES),
})

export const accountRoutes = {
  'GET /api/config': {
    who: 'anyone',
    summary: 'What a page needs before anyone has signed in.',
    gives: 'json',
    answer: config,
  },
  'POST /api/demo/sign-in': {
    who: 'anyone',
    summary: 'Signs a demo person in, in local mode; elsewhere there is no such thing.',
    body: z.object({ key: z.string().max(40) }),
    gives: 'json',
    answer: z.object({ userId: z.string() }),
  },
  'GET /api/me': {
    who: { role: 'agent' },
    summary: 'Who is signed in, in which workspace, with which role.',
    beforeSecondFactor: true,
    gives: 'json',
    answer: me,
  },
  'PUT /api/me/password': {
    who: { role: 'agent' },
    summary: 'Another password of your own. Every sign-in ends but the one that this request begins.',
    body: z.object({ currentPassword: z.string().max(1_000), newPassword }),
    gives: 'json',
    answer: done,
  },
  'GET /api/me/sessions': {
    who: { role: 'agent' },
    summary: 'Where you are signed in.',
    gives: 'json',
    answer: listOf(signIn),
  },
  'DELETE /api/me/sessions/:sessionId': {
    who: { role: 'agent' },
    summary: 'Ends one of your own sign-ins, with what is open on its screen.',
    gives: 'json',
    answer: done,
  },
  'POST /api/first-admin': {
    who: 'anyone',
    summary: 'Creates the first administrator with the SETUP_TOKEN of this installation, while nobody exists.',
    body: z.object({
      token: z.string().max(200),
      email,
      name: personName,
      password: newPassword,
      workspaceName: nameText(120),
    }),
    gives: 'json',
    status: 201,
    answer: created,
  },
  'GET /api/workspace': {
    who: { role: 'supervisor', scope: 'workspace:read' },
    summary: 'Who calls, and the settings of the workspace.',
    gives: 'json',
    answer: z.object({
      sellerName: z.string(),
      sellerNumber: z.string(),
      timeZone: z.string(),
      /** whether agents are told of supervisors on their calls */
      supervision: supervisionRule,
      voicemailDays: z.number().int(),
      recordingDays: z.number().int(),
      recordingFormat: z.enum(RECORDING_FORMATS),
      recordingChannels,
      recordingTranscripts: z.enum(TRANSCRIPT_RULES),
    }),
  },
  'PUT /api/workspace': {
    who: { role: 'admin', scope: 'workspace:write' },
    summary:
      'Who calls, as the safe-harbour message names it, and the settings of the workspace; a setting that is not named stays.',
    body: z.object({
      name: nameText(120),
      sellerName: nameText(120),
      /** said to the person who has answered, so it must be one that can be called */
      sellerNumber: dialable,
      /** the day of a call in the CRM is a day of this zone */
      timeZone: timeZone.optional(),
    }),
    gives: 'json',
    answer: z.object({ ok: z.literal(true) }),
  },
  'PUT /api/workspace/voicemail': {
    who: { role: 'admin', scope: 'workspace:write' },
    summary:
      'How many days voicemail, missed calls and callbacks are kept, at the carrier as well. What is older is deleted.',
    body: z.object({ days: z.number().int().min(1).max(3_650) }),
    gives: 'json',
    answer: z.object({ days: z.number().int() }),
  },
  'PUT /api/workspace/recordings': {
    who: { role: 'admin', scope: 'workspace:write' },
    summary:
      'How many days recordings of calls are kept (what is older is deleted, unless it is held), how they are stored, and whether all are written down. What is not named stays.',
    body: recordingPolicy.partial(),
    gives: 'json',
    answer: recordingPolicy,
  },
  'GET /api/members': {
    who: { role: 'supervisor', scope: 'members:read' },
    summary: 'The people of the workspace: whom a call may be handed to.',
    query: memberPages.query,
    gives: 'json',
    answer: listOf(memberRow),
  },
  'POST /api/members': {
    who: { role: 'admin' },
    summary: 'Adds a person to the workspace.',
    body: z.object({ email, name: personName, password: newPassword, role }),
    gives: 'json',
    status: 201,
    creates: true,
    answer: created,
  },
  'PATCH /api/members/:userId': {
    who: { role: 'admin' },
    summary: 'Another name or role of a person. What they have open ends and is opened again with the new role.',
    body: z.object({ name: personName.optional(), role: role.optional() }),
    gives: 'json',
    answer: memberRow,
  },
  'DELETE /api/members/:userId': {
    who: { role: 'admin' },
    summary: 'Removes a person: sign-ins, screens and dialling end. The last admin stays.',
    gives: 'json',
    answer: done,
  },
  'GET /api/members/:userId/sessions': {
    who: { role: 'admin' },
    summary: 'Where a person is signed in.',
    gives: 'json',
    answer: listOf(signIn),
  },
  'DELETE /api/members/:userId/sessions': {
    who: { role: 'admin' },
    summary: 'Ends all sign-ins of a person.',
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows
