/** The frame of every page: top bar, status strip, navigation, notices, inbound call, shortcut sheet. */
import {
  IconChartBar,
  IconDeviceLandlinePhone,
  IconDialpad,
  IconEar,
  IconFileImport,
  IconHash,
  IconHeadset,
  IconHistory,
  IconInbox,
  IconList,
  IconMask,
  IconPhoneCalling,
  IconPhoneOff,
  IconReceipt,
  IconRobot,
  IconRoute,
  IconSpeakerphone,
  IconStack2,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { useDesk, useView } from '../desk/hooks.ts'
import { useKey } from '../keys/use-keys.ts'
import { AfterCallBar } from './after-call-bar.tsx'
import { AiCallBar } from './ai-call-bar.tsx'
import { Announcer } from './announcer.tsx'
import { CallBar } from './call-bar.tsx'
import classes from './frame.module.css'
import { InboundCall } from './inbound-call.tsx'
import { InboxCount } from './inbox-count.tsx'
import { Notices } from './notices.tsx'
import { type PagePath, pagesFor } from './pages.ts'
import { RejoinCurtain } from './rejoin-curtain.tsx'
import { StatusStrip } from './status-strip.tsx'
import { SupervisorsBar } from './supervisors-bar.tsx'
import { TeamNotices } from './team-notices.tsx'
import { TopBar } from './top-bar.tsx'

/** It is loaded with the first call that somebody listens to. */
const Listening = lazy(() => import('./listening-bar.tsx'))

function ListeningBar() {
  const { supervision } = useDesk()
  const { phase } = useSyncExternalStore(supervision.subscribe, supervision.get)
  return phase === 'idle' ? null : (
    <Suspense fallback={null}>
      <Listening />
    </Suspense>
  )
}

const Colleague = lazy(() => import('./colleague-bar.tsx'))

function ColleagueBar() {
  const { colleagueCall } = useDesk()
  const { phase } = useSyncExternalStore(colleagueCall.subscribe, colleagueCall.get)
  return phase === 'idle' ? null : (
    <Suspense fallback={null}>
      <Colleague />
    </Suspense>
  )
}

const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx'))

const Palette = lazy(() => import('../palette/palette.tsx'))

const ICONS: Record<PagePath, typeof IconInbox> = {
  '/': IconPhoneCalling,
  '/dial': IconDialpad,
  '/calls': IconHistory,
  '/inbox': IconInbox,
  '/ai': IconRobot,
  '/live': IconEar,
  '/reports': IconChartBar,
  '/campaigns': IconSpeakerphone,
  '/imports': IconFileImport,
  '/queues': IconStack2,
  '/conferences': IconUsersGroup,
  '/flows': IconRoute,
  '/numbers': IconHash,
  '/extensions': IconDeviceLandlinePhone,
  '/masks': IconMask,
  '/do-not-call': IconPhoneOff,
  '/team': IconUsers,
  '/billing': IconReceipt,
  '/events': IconList,
  '/webhooks': IconWebhook,
  '/voice-workspace': IconHeadset,
}

export function Frame() {
  const { agent } = useView()
  const [over, setOver] = useState<'sheet' | 'palette' | null>(null)
  const toggle = (which: 'sheet' | 'palette') => () => {
    setOver(now => (now === which ? null : which))
    return true
  }
  useKey('sheet', toggle('sheet'))
  useKey('palette', toggle('palette'))
  return (
    <div className={classes.frame}>
      <TopBar onSheet={() => setOver('sheet')} />
      <nav className={classes.rail} aria-label="Pages">
        {pagesFor(agent.role).map(({ to, words }) => (
          <PageLink key={to} to={to} words={words} />
        ))}
      </nav>
      <main className={classes.main}>
        <StatusStrip />
        <CallBar />
        <AfterCallBar />
        <AiCallBar />
        <ListeningBar />
        <ColleagueBar />
        <SupervisorsBar />
        <TeamNotices />
        <div className={classes.content}>
          <Suspense fallback={<p className="tl-muted">Loading …</p>}>
            <Outlet />
          </Suspense>
        </div>
      </main>
      <InboundCall />
      <Notices />
      <Announcer />
      <RejoinCurtain />
      <Suspense fallback={null}>
        {over === 'sheet' ? <ShortcutSheet onClose={() => setOver(null)} /> : null}
        {over === 'palette' ? <Palette onClose={() => setOver(null)} /> : null}
      </Suspense>
    </div>
  )
}

function PageLink({ to, words }: { to: PagePath; words: string }) {
  const Icon = ICONS[to]
  return (
    <Link to={to} className={classes.page} activeOptions={{ exact: to === '/' }}>
      <Icon size={20} aria-hidden />
      <span>{words}</span>
      {to === '/inbox' ? <InboxCount /> : null}
    </Link>
  )
}
