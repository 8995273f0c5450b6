/** Rows of the keys of programs. Only an administrator, signed in, makes and revokes them: a key never makes another one. */

import { listOf } from '../api.ts'
import { keyRow, madeKey, newKey } from '../api-key.ts'
import { done } from './pages.ts'
import type { Rows } from './row.ts'

export const keyRoutes = {
  'GET /api/keys': {
    who: { role: 'admin' },
    summary: 'The keys of the workspace, the newest first, with their last use. The keys themselves are kept nowhere.',
    gives: 'json',
    answer: listOf(keyRow),
  },
  'POST /api/keys': {
    who: { role: 'admin' },
    summary: 'A new key for a program. The answer shows it, and nothing shows it again.',
    body: newKey,
    gives: 'json',
    status: 201,
    answer: madeKey,
  },
  'DELETE /api/keys/:keyId': {
    who: { role: 'admin' },
    summary: 'Revokes a key: the next request with it is refused.',
    gives: 'json',
    answer: done,
  },
} as const satisfies Rows
