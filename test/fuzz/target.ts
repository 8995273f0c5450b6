/** What is fuzzed: a route or a webhook that makes its inputs from chance. */
import type { Random } from '../simulation/random.ts'
import type { Sent } from './client.ts'

export type Sender = 'admin' | 'agent' | 'nobody' | 'program'

export interface Input extends Sent {
  /** whose cookie it carries, or the key of a program; a webhook has a signature instead */
  as: Sender
  /** the row's own schema takes it, so it may change something */
  lawful: boolean
}
export interface Target {
  name: string
  /** a body that is refused with 400 names a field */
  namesFields: boolean
  /** the largest share of its inputs that may be lawful ones */
  lawfulShare: number
  make(random: Random): Input
}
