/** What a supervisor does to a call that an agent talks on: the buttons of a row, the keys and the palette do it alike. */
import { useState, useSyncExternalStore } from 'react'
import { deskName } from '../../../core/ids.ts'
import type { LiveAgent, LiveCall, SupervisionMode } from '../../../wire/supervision.ts'
import { ask } from '../../api.ts'
import { useDesk, useView } from '../../desk/hooks.ts'
import { whyNotListen, whyNotTake } from './live-words.ts'

export interface OnCall {
  agent: Pick<LiveAgent, 'agentId' | 'name'>
  call: LiveCall
}

export function useSupervise() {
  const { supervision, store } = useDesk()
  const view = useView()
  const { phase, to, held } = useSyncExternalStore(supervision.subscribe, supervision.get)
  const [busy, setBusy] = useState(false)
  const run = async (request: () => Promise<unknown>) => {
    setBusy(true)
    await request().catch(error => store.notify('problem', error instanceof Error ? error.message : 'Not done.'))
    setBusy(false)
  }
  const whyNot = ({ agent, call }: OnCall) => whyNotListen(call, agent.agentId === deskName(view.agent.userId))
  return {
    busy,
    say: (words: string) => store.notify('info', words),
    /** null: nobody; else the call that this supervisor is on, and what the carrier does */
    on: phase === 'starting' || phase === 'on' ? { callId: to?.callId ?? '', mode: held?.mode ?? null } : null,
    whyNot,
    whyNotTake: (one: OnCall) => whyNot(one) ?? whyNotTake(view),
    want: ({ agent, call }: OnCall, mode: SupervisionMode) => {
      const personName = call.name || call.number || 'somebody'
      return run(() => supervision.want({ callId: call.callId, agentName: agent.name, personName }, mode))
    },
    takeOver: (callId: string) => run(() => ask('POST /api/calls/:callId/take-over', { params: { callId } })),
    stop: () => run(() => supervision.stop()),
  }
}
