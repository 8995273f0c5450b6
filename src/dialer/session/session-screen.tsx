/**
 * The agent's main page. Before a session: choose and start. During it: lanes, what happens now, the person, the script,
 * notes and outcome, always in the same places. The same panels serve a single dial and an inbound call.
 */
import { callUnderWay, sessionRuns } from '../desk/can.ts'
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { BeforeSession } from './before-session.tsx'
import { CallPanels } from './call-panels.tsx'
import { LastTalkPanel } from './do-not-call-button.tsx'
import { LaneStrip } from './lane-strip.tsx'
import { NowBar } from './now-bar.tsx'
import { SessionBar } from './session-bar.tsx'
import { SessionSummary } from './session-summary.tsx'

export function SessionScreen() {
  const view = useView()
  const running = sessionRuns(view)
  const busy = callUnderWay(view)
  useSessionKeys()

  if (!running && !busy) {
    return (
      <div className="tl-stack">
        {view.session === null ? null : <SessionSummary session={view.session} />}
        <LastTalkPanel />
        <BeforeSession />
      </div>
    )
  }
  return (
    <div className="tl-stack">
      {running ? <SessionBar /> : <h1 className="tl-hidden">Call</h1>}
      <LaneStrip />
      <NowBar />
      <CallPanels />
    </div>
  )
}

/** Keys that do not belong to one button of a panel. */
function useSessionKeys() {
  const view = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  useKey('go', () => {
    // In `BeforeSession` the same key starts a session.
    const action = view.session?.state === 'paused' ? 'session.resume' : 'session.continue'
    if (!sessionRuns(view) || whyNot(action) !== null) return false
    void act({ type: action })
    return true
  })
  useKey('pause', () => {
    if (whyNot('session.pause') !== null) return false
    void act({ type: 'session.pause' })
    return true
  })
  useKey('stop', () => {
    if (whyNot('session.stop') !== null) return false
    void act({ type: 'session.stop' })
    return true
  })
}
