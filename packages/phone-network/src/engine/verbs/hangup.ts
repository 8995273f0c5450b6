import { hangUpFromTwiml } from '../end-call.ts'
import type { Verb } from './verb.ts'

export const hangup: Verb = { start: hangUpFromTwiml }
