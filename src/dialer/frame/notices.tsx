/** Refusals and other news in the corner, where they cover no text. Each can be closed. */
import { CloseButton } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useDesk, useSnapshot } from '../desk/hooks.ts'
import type { Notice } from '../desk/store.ts'
import classes from './notices.module.css'

const SHOWN_MS = 10_000

export function Notices() {
  const { notices } = useSnapshot()
  return (
    <div className={classes.corner} role="log" aria-label="Notices">
      {notices.map(notice => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </div>
  )
}

function OneNotice({ notice }: { notice: Notice }) {
  const { store } = useDesk()
  const { id, tone, text } = notice
  useEffect(() => {
    const timer = setTimeout(() => store.dismiss(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [store, id])
  const Icon = tone === 'problem' ? IconAlertTriangle : IconInfoCircle
  return (
    <div className={classes.notice} data-tone={tone}>
      <Icon size={18} aria-hidden />
      <span>{text}</span>
      <CloseButton size="sm" aria-label="Close this notice" onClick={() => store.dismiss(id)} />
    </div>
  )
}
