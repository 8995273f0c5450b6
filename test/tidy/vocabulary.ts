/** The types of facts of each machine whose facts are stored, read from the source that defines them. */
import { read } from './files.ts'

/** Files that define the facts of a machine. */
const FILES: Record<string, string[]> = {
  batch: ['src/core/batch/state.ts'],
  call: [
    'src/core/call/life/state.ts',
    'src/core/call/talk/talk.ts',
    'src/core/call/flow/state.ts',
    'src/core/call/transfer/state.ts',
    'src/core/call/ring/state.ts',
    'src/core/call/control/state.ts',
    'src/core/call/consult/consult.ts',
    'src/core/call/recording/recording.ts',
    'src/core/call/voicemail/state.ts',
    'src/core/call/crm/crm.ts',
  ],
  campaign: ['src/core/campaign/state.ts', 'src/core/campaign/pool-facts.ts'],
  desk: [
    'src/core/desk/state.ts',
    'src/core/desk/consult.ts',
    'src/core/desk/notice.ts',
    'src/core/desk/outcome-words.ts',
  ],
  queue: ['src/core/queue/state.ts'],
  room: ['src/core/room/state.ts', 'src/core/room/supervision.ts', 'src/core/room/recording.ts'],
}
export const MACHINES = Object.keys(FILES)

/** Every machine has `delivery-given-up` as well. */
export function factsOf(machine: string): string[] {
  return [...(FILES[machine] ?? []).flatMap(file => factsIn(read(file))), 'delivery-given-up']
}

function factsIn(source: string): string[] {
  const union = /export type \w*Fact\w* =[\s\S]*?\n(?= {0,4}\)|\}|$)/.exec(source)?.[0] ?? ''
  return [...union.matchAll(/type: '([a-z-]+)'/g)].map(match => match[1] ?? '')
}
