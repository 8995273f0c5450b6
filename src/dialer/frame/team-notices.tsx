/** On every page of the agent: what a supervisor has said, until it is read. */
import { Button } from '@mantine/core'
import { IconMessage } from '@tabler/icons-react'
import type { DeskView } from '../../wire/desk.ts'
import { useAct, useView } from '../desk/hooks.ts'
import { stampText } from '../desk/time.ts'
import { PersonName } from '../look/person-name.tsx'
import classes from './team-notices.module.css'

type Notice = NonNullable<DeskView['notices']>[number]
const WORDS: Record<Notice['kind'], string> = {
  message: 'writes',
  paused: 'has sent you on a break',
  'signed-out': 'has signed you out',
}

export function TeamNotices() {
  const { notices = [] } = useView()
  const act = useAct()
  if (notices.length === 0) return null
  return (
    <section className={classes.notices} aria-label="From your supervisor">
      {notices.map(({ noticeId, kind, text, by, at }) => (
        <div key={noticeId} className={classes.notice}>
          <IconMessage size={18} aria-hidden />
          <p role="status" className={classes.words}>
            <strong>
              <PersonName name={by} /> {WORDS[kind]}:
            </strong>{' '}
            {text} <span className="tl-muted tl-small">{stampText(at)}</span>
          </p>
          <Button
            size="xs"
            variant="default"
            aria-label={`Read: ${text}`}
            onClick={() => void act({ type: 'notice.read', noticeId })}
          >
            Read
          </Button>
        </div>
      ))}
    </section>
  )
}
