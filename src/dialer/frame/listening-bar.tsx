/** The supervisor's own bar, on every page while they are on a call: who hears them, the other modes, taking over, and the way out. */
import { Button } from '@mantine/core'
import { useState, useSyncExternalStore } from 'react'
import type { SupervisionMode } from '../../wire/supervision.ts'
import { ask } from '../api.ts'
import { useDesk, useView } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { useBarKey } from '../pages/live/chosen-call.ts'
import { MODES, modeWords, whyNotTake } from '../pages/live/live-words.ts'
import type { Listened } from '../phone/supervision-call.ts'
import classes from './listening-bar.module.css'

const KEY_OF: Record<SupervisionMode, string> = { listen: 'L', whisper: 'W', barge: 'B' }

export default function ListeningBar() {
  const { supervision } = useDesk()
  const { phase, to, trouble } = useSyncExternalStore(supervision.subscribe, supervision.get)
  if (phase === 'idle' || to === null) return null
  if (phase === 'over')
    return trouble === null ? null : (
      <section className={classes.bar} aria-label="Listening">
        <ProblemBox title={trouble} onRetry={() => void supervision.want(to, 'listen')} />
        <Button variant="default" onClick={() => supervision.close()}>
          Close
        </Button>
      </section>
    )
  return <Listening to={to} />
}

function Listening({ to }: { to: Listened }) {
  const { supervision, store } = useDesk()
  const { phase, held, sinceMs } = useSyncExternalStore(supervision.subscribe, supervision.get)
  const view = useView()
  const [busy, setBusy] = useState(false)
  const run = async (request: () => Promise<unknown>) => {
    setBusy(true)
    await request().catch(error => store.notify('problem', error instanceof Error ? error.message : 'Not done.'))
    setBusy(false)
  }
  const mode = held?.mode ?? null
  const waits = phase === 'starting' || mode === null ? 'Connecting' : busy ? 'Asking' : null
  const whyTake = waits ?? whyNotTake(view)
  const want = (wanted: SupervisionMode) => void run(() => supervision.want(to, wanted))
  const takeOver = () => void run(() => ask('POST /api/calls/:callId/take-over', { params: { callId: to.callId } }))
  const stop = () => void run(() => supervision.stop())
  useListeningKeys({
    callId: to.callId,
    waits,
    whyTake,
    want,
    takeOver,
    stop,
    say: words => store.notify('info', words),
  })
  return (
    <section className={classes.bar} data-mode={mode ?? 'joining'} aria-label="Listening">
      <p className={classes.state} role="status">
        <strong>{modeWords(mode, to.agentName)}</strong>
        <span className="tl-muted">
          <PersonName name={to.agentName} /> with <PersonName name={to.personName} />{' '}
          {sinceMs === null ? null : <Elapsed sinceMs={sinceMs} />}
        </span>
        {held?.refused ? <span className={classes.refused}>The carrier did not do what you wanted.</span> : null}
      </p>
      <div className={classes.buttons}>
        {MODES.map(one => (
          <ActionButton
            key={one.mode}
            variant={mode === one.mode ? 'filled' : 'default'}
            pressed={mode === one.mode}
            why={waits}
            hint={KEY_OF[one.mode]}
            onClick={() => want(one.mode)}
          >
            {one.label}
          </ActionButton>
        ))}
        <ActionButton variant="default" why={whyTake} hint="Shift+T" onClick={takeOver}>
          Take over
        </ActionButton>
        <ActionButton color="danger" why={null} hint="Q" onClick={stop}>
          Stop
        </ActionButton>
      </div>
    </section>
  )
}

interface ListeningKeys {
  callId: string
  waits: string | null
  whyTake: string | null
  want(mode: SupervisionMode): void
  takeOver(): void
  stop(): void
  say(words: string): void
}

function useListeningKeys({ callId, waits, whyTake, want, takeOver, stop, say }: ListeningKeys): void {
  useBarKey('listen', callId, { why: waits, run: () => want('listen'), say })
  useBarKey('whisper', callId, { why: waits, run: () => want('whisper'), say })
  useBarKey('barge', callId, { why: waits, run: () => want('barge'), say })
  useBarKey('take-over', callId, { why: whyTake, run: takeOver, say })
  useKey('stop-listening', () => {
    stop()
    return true
  })
}
