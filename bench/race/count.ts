import { BatchActor } from '../../src/actors/batch-actor.ts'
import { CallActor } from '../../src/actors/call-actor.ts'
import { DeskActor } from '../../src/actors/desk-actor.ts'
import { LogActor } from '../../src/actors/log-actor.ts'
import { Alarm } from '../../src/actors/shell/alarm.ts'
import { Ledger } from '../../src/actors/shell/ledger.ts'
import { Outbox } from '../../src/actors/shell/outbox.ts'
import { Shell } from '../../src/actors/shell/shell.ts'
import { TrunkActor } from '../../src/actors/trunk-actor.ts'

export const counts: Record<string, number> = {}
const bump = (k: string) => {
  counts[k] = (counts[k] ?? 0) + 1
}
// biome-ignore lint/suspicious/noExplicitAny: temporary
function wrap(type: any, label: string, names: string[]) {
  for (const n of names) {
    const old = type.prototype[n]
    type.prototype[n] = function (...a: unknown[]) {
      // biome-ignore lint/suspicious/noExplicitAny: temporary
      bump(`${label}.${n}${n === 'deliver' ? `:${(a[0] as any).type}` : ''}`)
      return old.apply(this, a)
    }
  }
}
wrap(BatchActor, 'batch', ['claim', 'deliver', 'alarm'])
wrap(CallActor, 'call', ['deliver', 'alarm', 'request'])
wrap(DeskActor, 'desk', ['deliver', 'alarm', 'hearBatch'])
wrap(LogActor, 'log', ['hear'])
wrap(TrunkActor, 'trunk', ['slot', 'freeNumber'])
wrap(Alarm, 'alarm', ['arm', 'fired', 'rest', 'read'])
wrap(Ledger, 'ledger', ['transact'])
wrap(Outbox, 'outbox', ['drain'])
wrap(Shell, 'shell', ['wake'])
const f = globalThis.fetch
globalThis.fetch = ((...a: Parameters<typeof fetch>) => {
  bump('fetch')
  return f(...a)
}) as typeof fetch
