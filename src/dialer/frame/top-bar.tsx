/** Who, what state, what phone, what link: always in the same place. */
import { ActionIcon, Tooltip } from '@mantine/core'
import { IconKeyboard } from '@tabler/icons-react'
import { useDesk, useSnapshot, useView } from '../desk/hooks.ts'
import { linkWords, presenceWords } from '../desk/words.ts'
import { Elapsed } from '../look/elapsed.tsx'
import { PhonePill } from './phone-pill.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import classes from './top-bar.module.css'

export function TopBar({ onSheet }: { onSheet(): void }) {
  const view = useView()
  return (
    <header className={classes.bar}>
      <div className={classes.brand}>
        <img src="/icons/trunkline.svg" width={24} height={24} alt="" />
        <span>Trunkline</span>
      </div>
      <PhonePill />
      <span className={classes.pill} data-presence={view.presence}>
        {presenceWords(view.presence)} <Elapsed sinceMs={view.presenceSinceMs} />
      </span>
      <LinkPill />
      <div className={classes.right}>
        <span className={classes.name}>{view.agent.name}</span>
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
