/** Rows of extensions, in VoIPBIN's shapes. */
import { listOf } from '../api.ts'
import {
  changedExtension,
  directoryRow,
  extension,
  extensionChange,
  iceServers,
  madeExtension,
  newExtension,
  sipLadder,
} from '../extension.ts'
import { done, extensionPages } from './pages.ts'
import type { Rows } from './row.ts'

const READS = { role: 'supervisor', scope: 'extensions:read' } as const
/** Whoever makes a secret may register with it. */
const WRITES = { role: 'admin', scope: 'extensions:write' } as const

export const extensionRoutes = {
  'GET /v1.0/extensions': {
    who: READS,
    summary: 'The extensions of the workspace by what is dialled, and whether a phone of each is connected.',
    query: extensionPages.query,
    gives: 'json',
    answer: listOf(extension),
  },
  'GET /api/directory': {
    who: { role: 'agent' },
    summary: 'The extensions of the team, for whoever may call them: names, and whether a phone is there.',
    query: extensionPages.query,
    gives: 'json',
    answer: listOf(directoryRow),
  },
  'POST /v1.0/extensions': {
    who: WRITES,
    summary:
      'Makes an extension. The password is made here; this answer shows it, and nothing shows it again. A phone registers at `ws_url` ' +
      'as `username@domain_name`. 409 when the extension is taken, also by a request whose answer was lost: ask for a new password then.',
    body: newExtension,
    gives: 'json',
    status: 201,
    answer: madeExtension,
  },
  'GET /v1.0/extensions/:extensionId': { who: READS, summary: 'One extension.', gives: 'json', answer: extension },
  'PUT /v1.0/extensions/:extensionId': {
    who: WRITES,
    summary:
      'Changes what is named. What is dialled stays. `at_carrier: true` lets its phones register at the carrier, with the new password that this answer shows once. ' +
      'A phone at the carrier that dials it reaches the flow, queue, conference or AI agent that it leads to instead of its phones. 409 while the workspace has no phones at the carrier.',
    body: extensionChange,
    gives: 'json',
    answer: changedExtension,
  },
  'DELETE /v1.0/extensions/:extensionId': {
    who: WRITES,
    summary: 'The extension is gone, and its phones are cut off.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/extensions/:extensionId/secret': {
    who: WRITES,
    summary:
      'Makes a new password and shows it once. The old one is good for nothing, and phones that use it are cut off.',
    gives: 'json',
    answer: madeExtension,
  },
  'POST /v1.0/extensions/:extensionId/ice_servers': {
    who: WRITES,
    summary:
      'Makes the STUN and TURN servers for a phone of this extension in a browser known, with credentials that end after `ttl` seconds where the vendor makes them.',
    gives: 'json',
    answer: iceServers,
  },
  'GET /v1.0/calls/:callId/ladder': {
    who: READS,
    summary:
      'The SIP messages of a call between extensions in their order, and why it is over. 404 for any other call.',
    gives: 'json',
    answer: sipLadder,
  },
} as const satisfies Rows
