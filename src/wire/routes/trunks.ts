/** Rows of SIP at the carrier. Trunks have VoIPBIN's shapes. */
import { listOf } from '../api.ts'
import { carrierPhones, carrierPhonesChange, madeTrunk, newTrunk, trunk, trunkChange } from '../trunk.ts'
import { done, trunkPages } from './pages.ts'
import type { Rows } from './row.ts'

const READS = { role: 'supervisor', scope: 'extensions:read' } as const
/** Whoever makes a secret may call with it. */
const WRITES = { role: 'admin', scope: 'extensions:write' } as const

export const trunkRoutes = {
  'GET /v1.0/carrier_phones': {
    who: READS,
    summary: 'Whether phones register at the carrier, where, and what is wrong.',
    gives: 'json',
    answer: carrierPhones,
  },
  'PUT /v1.0/carrier_phones': {
    who: WRITES,
    summary:
      'Makes the SIP domain of the workspace at the carrier, or takes it away with everybody in it: extensions are at the carrier no more, and get a new password when they are again.',
    body: carrierPhonesChange,
    gives: 'json',
    answer: carrierPhones,
  },
  'GET /v1.0/trunks': {
    who: READS,
    summary: 'Exchanges of others that may call in.',
    query: trunkPages.query,
    gives: 'json',
    answer: listOf(trunk),
  },
  'POST /v1.0/trunks': {
    who: WRITES,
    summary:
      'Another exchange may call in from now on: with `basic` by `username` and the password that only this answer shows, with `ip` from its addresses, with both by both. It reaches our numbers and extensions, and other numbers as our phones do.',
    body: newTrunk,
    gives: 'json',
    status: 201,
    answer: madeTrunk,
  },
  'GET /v1.0/trunks/:trunkId': { who: READS, summary: 'One trunk.', gives: 'json', answer: trunk },
  'PUT /v1.0/trunks/:trunkId': {
    who: WRITES,
    summary: 'Changes what is named.',
    body: trunkChange,
    gives: 'json',
    answer: trunk,
  },
  'DELETE /v1.0/trunks/:trunkId': {
    who: WRITES,
    summary: 'The other exchange is let in no more.',
    gives: 'json',
    answer: done,
  },
  'POST /v1.0/trunks/:trunkId/secret': {
    who: WRITES,
    summary:
      'A new password, shown once; the old one is good for nothing as soon as the carrier has the new one. 409 for a trunk without one.',
    gives: 'json',
    answer: madeTrunk,
  },
} as const satisfies Rows
