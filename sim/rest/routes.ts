import { CALL_ROUTES } from './calls.ts'
import { CONFERENCE_ROUTES } from './conferences.ts'
import { QUEUE_ROUTES } from './queues.ts'
import type { Route } from './route.ts'

/** The whole table. A resource has a file of its own with its rows; the first row that fits answers. */
export const ROUTES: readonly Route[] = [...CALL_ROUTES, ...CONFERENCE_ROUTES, ...QUEUE_ROUTES]
