/** The frame of every page: top bar, status strip, navigation, notices, inbound call, shortcut sheet. */
import {
  IconDialpad,
  IconHeadset,
  IconHistory,
  IconList,
  IconPhoneCalling,
  IconPhoneOff,
  IconRobot,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useKey } from '../keys/use-keys.ts'
import { AiCallBar } from './ai-call-bar.tsx'
import { Announcer } from './announcer.tsx'
import { CallBar } from './call-bar.tsx'
import classes from './frame.module.css'
import { InboundCall } from './inbound-call.tsx'
import { Notices } from './notices.tsx'
import { RejoinCurtain } from './rejoin-curtain.tsx'
import { StatusStrip } from './status-strip.tsx'
import { TopBar } from './top-bar.tsx'

const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx'))

const PAGES = [
  { to: '/', words: 'Dialer', icon: IconPhoneCalling },
  { to: '/dial', words: 'Dial pad', icon: IconDialpad },
  { to: '/calls', words: 'Calls', icon: IconHistory },
  { to: '/ai', words: 'AI', icon: IconRobot },
  { to: '/do-not-call', words: 'Do not call', icon: IconPhoneOff },
  { to: '/team', words: 'Team', icon: IconUsers },
  { to: '/events', words: 'Events', icon: IconList },
  { to: '/voice-workspace', words: 'Voice', icon: IconHeadset },
] as const

export function Frame() {
  const [sheet, setSheet] = useState(false)
  useKey('sheet', () => {
    setSheet(open => !open)
    return true
  })
  return (
    <div className={classes.frame}>
      <TopBar onSheet={() => setSheet(true)} />
      <nav className={classes.rail} aria-label="Pages">
        {PAGES.map(({ to, words, icon: Icon }) => (
          <Link key={to} to={to} className={classes.page} activeOptions={{ exact: to === '/' }}>
            <Icon size={20} aria-hidden />
            <span>{words}</span>
          </Link>
        ))}
      </nav>
      <main className={classes.main}>
        <StatusStrip />
        <CallBar />
        <AiCallBar />
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
      {sheet ? (
        <Suspense fallback={null}>
          <ShortcutSheet onClose={() => setSheet(false)} />
        </Suspense>
      ) : null}
    </div>
  )
}
