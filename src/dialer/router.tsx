/** All pages. The desk (link, phone) lives above them, so that going from page to page touches no call (S3-43). */
import type { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { DeskGate } from './frame/desk-gate.tsx'
import { Frame } from './frame/frame.tsx'
import { readCallSearch } from './screens/call-search.ts'
import { SignIn } from './screens/sign-in.tsx'
import { SessionScreen } from './session/session-screen.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const auth = createRoute({ getParentRoute: () => root, path: '/auth', component: SignIn })
const desk = createRoute({ getParentRoute: () => root, id: 'desk', component: DeskGate })
const frame = createRoute({ getParentRoute: () => desk, id: 'frame', component: Frame })
const session = createRoute({ getParentRoute: () => frame, path: '/', component: SessionScreen })
const dial = createRoute({
  getParentRoute: () => frame,
  path: '/dial',
  component: lazyRouteComponent(() => import('./screens/dial-pad.tsx'), 'DialPad'),
  validateSearch: (search: Record<string, unknown>): { phone?: string } => ({
    phone: search.phone === undefined ? undefined : String(search.phone).slice(0, 40),
  }),
})
const calls = createRoute({
  getParentRoute: () => frame,
  path: '/calls',
  component: lazyRouteComponent(() => import('./screens/call-log.tsx'), 'CallLog'),
  validateSearch: readCallSearch,
})
const call = createRoute({
  getParentRoute: () => frame,
  path: '/calls/$callId',
  component: lazyRouteComponent(() => import('./screens/call-detail.tsx'), 'CallDetailScreen'),
})
const events = createRoute({
  getParentRoute: () => frame,
  path: '/events',
  component: lazyRouteComponent(() => import('./screens/event-log.tsx'), 'EventLog'),
})
const voice = createRoute({
  getParentRoute: () => frame,
  path: '/voice-workspace',
  component: lazyRouteComponent(() => import('./screens/voice-workspace.tsx'), 'VoiceWorkspace'),
})

const tree = root.addChildren([
  auth,
  desk.addChildren([frame.addChildren([session, dial, calls, call, events, voice])]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree: tree, context: { queries }, defaultPreload: 'intent', scrollRestoration: true })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

function NotFound() {
  return (
    <main className="tl-stack" style={{ padding: 24 }}>
      <h1>This page does not exist</h1>
      <a href="/">To the dialer</a>
    </main>
  )
}
