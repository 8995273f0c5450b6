/** The top bar: name of the agent, presence, phone and link, always in the same place. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { lazy, Suspense, useId } from 'react'
import { useAct, useDesk, useSnapshot, useView, useWhyNot } from '../desk/hooks.ts'
import { linkWords, presenceWords } from '../desk/words.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { PhonePill } from './phone-pill.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import classes from './top-bar.module.css'

const WorkspaceMenu = lazy(() => import('./workspace-switch.tsx').then(part => ({ default: part.WorkspaceMenu })))

export function TopBar({ onSheet }: { onSheet(): void }) {
  const view = useView()
  return (
    <header className={classes.bar}>
      <div className={classes.brand}>
        <img src="/icons/trunkline.svg" width={24} height={24} alt="" />
        <span>Trunkline</span>
      </div>
      <PhonePill />
      <PresencePill />
      <LinkPill />
      <div className={classes.right}>
        <Suspense fallback={null}>
          <WorkspaceMenu />
        </Suspense>
        <span className={classes.name}>
          <PersonName name={view.agent.name} cut />
        </span>
        <Tooltip label="Keyboard shortcuts (?)">
          <ActionIcon variant="subtle" size={32} aria-label="Keyboard shortcuts" onClick={onSheet}>
            <IconKeyboard size={20} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <SettingsMenu />
      </div>
    </header>
  )
}

/** Starts or ends a break. During a session the pause of the session is used instead. */
function PresencePill() {
  const view = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const whyId = useId()
  // A break goes on while outcomes are owed, which presence shows instead of it.
  const action = view.whyNot['presence.paused'] === 'on-break' ? 'presence.ready' : 'presence.paused'
  const why = whyNot(action)
  const words = action === 'presence.ready' ? 'Back to ready' : 'Take a break'
  return (
    <Tooltip label={why === null ? words : `${words}: ${why}`}>
      <button
        type="button"
        className={classes.pill}
        data-presence={view.presence}
        aria-disabled={why === null ? undefined : true}
        aria-describedby={why === null ? undefined : whyId}
        onClick={() => {
          if (why === null) void act({ type: action })
        }}
      >
        {presenceWords(view.presence)} <Elapsed sinceMs={view.presenceSinceMs} />
        <span className="tl-hidden">{words}</span>
        {why === null ? null : (
          <span id={whyId} hidden>
            {why}
          </span>
        )}
      </button>
    </Tooltip>
  )
}

function LinkPill() {
  const desk = useDesk()
  const { link } = useSnapshot()
  return link.name === 'waiting' ? (
    <button type="button" className={classes.pill} data-link="waiting" onClick={() => desk.retryLink()}>
      {linkWords(link)}
    </button>
  ) : (
    <span className={classes.pill} data-link={link.name}>
      <i aria-hidden className={classes.dot} /> {linkWords(link)}
    </span>
  )
}
