/** All pages. The desk (link, phone) is outside of them, so that a change of page does not affect a call (S3-43). */
import type { QueryClient } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, type ErrorComponentProps, Outlet } from '@tanstack/react-router'
import { lazy } from 'react'
import { DeskGate } from './frame/desk-gate.tsx'
import { Frame } from './frame/frame.tsx'
import { ProblemBox } from './look/problem-box.tsx'
import { readCallSearch } from './pages/call-search.ts'
import { readCampaignSearch } from './pages/campaign-search.ts'
import { readReportSearch } from './pages/reports/report-search.ts'
import { SignIn } from './pages/sign-in.tsx'
import { SessionScreen } from './session/session-screen.tsx'

// React's own `lazy` is used, because the router's variant reloads the page if a chunk is missing, perhaps during a call.
const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const auth = createRoute({ getParentRoute: () => root, path: '/auth', component: SignIn })
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazy(() => import('./pages/invitation.tsx').then(page => ({ default: page.Invitation }))),
})
const desk = createRoute({ getParentRoute: () => root, id: 'desk', component: DeskGate })
const frame = createRoute({ getParentRoute: () => desk, id: 'frame', component: Frame })
const session = createRoute({ getParentRoute: () => frame, path: '/', component: SessionScreen })
const dial = createRoute({
  getParentRoute: () => frame,
  path: '/dial',
  component: lazy(() => import('./pages/dial-pad.tsx').then(page => ({ default: page.DialPad }))),
  validateSearch: (search: Record<string, unknown>): { phone?: string } => ({
    phone: search.phone === undefined ? undefined : String(search.phone).slice(0, 40),
  }),
})
/** The seed's address of one number by hand (S3-55); without a number it is the session. */
const campaign = createRoute({
  getParentRoute: () => frame,
  path: '/campaign',
  component: lazy(() => import('./pages/campaign.tsx').then(page => ({ default: page.CampaignPage }))),
  validateSearch: readCampaignSearch,
})
const calls = createRoute({
  getParentRoute: () => frame,
  path: '/calls',
  component: lazy(() => import('./pages/call-log.tsx').then(page => ({ default: page.CallLog }))),
  validateSearch: readCallSearch,
})
const inbox = createRoute({
  getParentRoute: () => frame,
  path: '/inbox',
  component: lazy(() => import('./pages/inbox.tsx').then(page => ({ default: page.Inbox }))),
})
const call = createRoute({
  getParentRoute: () => frame,
  path: '/calls/$callId',
  component: lazy(() => import('./pages/call-detail.tsx').then(page => ({ default: page.CallDetailScreen }))),
})
const events = createRoute({
  getParentRoute: () => frame,
  path: '/events',
  component: lazy(() => import('./pages/event-log.tsx').then(page => ({ default: page.EventLog }))),
})
const voice = createRoute({
  getParentRoute: () => frame,
  path: '/voice-workspace',
  component: lazy(() => import('./pages/voice-workspace.tsx').then(page => ({ default: page.VoiceWorkspace }))),
})
const billing = createRoute({
  getParentRoute: () => frame,
  path: '/billing',
  component: lazy(() => import('./pages/billing.tsx').then(page => ({ default: page.Billing }))),
})
const team = createRoute({
  getParentRoute: () => frame,
  path: '/team',
  component: lazy(() => import('./pages/team.tsx').then(page => ({ default: page.Team }))),
})
const ai = createRoute({
  getParentRoute: () => frame,
  path: '/ai',
  component: lazy(() => import('./pages/ai-agents.tsx').then(page => ({ default: page.AiAgents }))),
})
const aiAgent = createRoute({
  getParentRoute: () => frame,
  path: '/ai/$agentId',
  component: lazy(() => import('./pages/ai-agent.tsx').then(page => ({ default: page.AiAgentScreen }))),
})

const doNotCall = createRoute({
  getParentRoute: () => frame,
  path: '/do-not-call',
  component: lazy(() => import('./pages/do-not-call.tsx').then(page => ({ default: page.DoNotCall }))),
})
const live = createRoute({
  getParentRoute: () => frame,
  path: '/live',
  component: lazy(() => import('./pages/live.tsx').then(page => ({ default: page.LivePage }))),
})
const reports = createRoute({
  getParentRoute: () => frame,
  path: '/reports',
  component: lazy(() => import('./pages/reports.tsx').then(page => ({ default: page.Reports }))),
  validateSearch: readReportSearch,
})
const queues = createRoute({
  getParentRoute: () => frame,
  path: '/queues',
  component: lazy(() => import('./pages/queues.tsx').then(page => ({ default: page.Queues }))),
})
const queue = createRoute({
  getParentRoute: () => frame,
  path: '/queues/$queueId',
  component: lazy(() => import('./pages/queue.tsx').then(page => ({ default: page.QueueScreen }))),
})
const conferences = createRoute({
  getParentRoute: () => frame,
  path: '/conferences',
  component: lazy(() => import('./pages/conferences.tsx').then(page => ({ default: page.Conferences }))),
})
const conference = createRoute({
  getParentRoute: () => frame,
  path: '/conferences/$conferenceId',
  component: lazy(() => import('./pages/conference.tsx').then(page => ({ default: page.ConferenceScreen }))),
})
const numbers = createRoute({
  getParentRoute: () => frame,
  path: '/numbers',
  component: lazy(() => import('./pages/numbers.tsx').then(page => ({ default: page.Numbers }))),
})
const flows = createRoute({
  getParentRoute: () => frame,
  path: '/flows',
  component: lazy(() => import('./pages/flows.tsx').then(page => ({ default: page.Flows }))),
})
const flow = createRoute({
  getParentRoute: () => frame,
  path: '/flows/$flowId',
  component: lazy(() => import('./pages/flow.tsx').then(page => ({ default: page.FlowScreen }))),
})
const extensions = createRoute({
  getParentRoute: () => frame,
  path: '/extensions',
  component: lazy(() => import('./pages/extensions.tsx').then(page => ({ default: page.Extensions }))),
})
const masks = createRoute({
  getParentRoute: () => frame,
  path: '/masks',
  component: lazy(() => import('./pages/masks.tsx').then(page => ({ default: page.Masks }))),
})
const mask = createRoute({
  getParentRoute: () => frame,
  path: '/masks/$maskId',
  component: lazy(() => import('./pages/mask.tsx').then(page => ({ default: page.MaskScreen }))),
})
const campaigns = createRoute({
  getParentRoute: () => frame,
  path: '/campaigns',
  component: lazy(() => import('./pages/campaigns.tsx').then(page => ({ default: page.Campaigns }))),
  validateSearch: (search: Record<string, unknown>): { from?: string } =>
    typeof search.from === 'string' ? { from: search.from.slice(0, 100) } : {},
})
const campaignSettings = createRoute({
  getParentRoute: () => frame,
  path: '/campaigns/$campaignId',
  component: lazy(() => import('./pages/campaign-settings.tsx').then(page => ({ default: page.CampaignSettings }))),
})
const imports = createRoute({
  getParentRoute: () => frame,
  path: '/imports',
  component: lazy(() => import('./pages/imports.tsx').then(page => ({ default: page.Imports }))),
})
const oneImport = createRoute({
  getParentRoute: () => frame,
  path: '/imports/$importId',
  component: lazy(() => import('./pages/import.tsx').then(page => ({ default: page.ImportScreen }))),
})
const webhooks = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks',
  component: lazy(() => import('./pages/webhooks.tsx').then(page => ({ default: page.Webhooks }))),
})
const webhook = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks/$webhookId',
  component: lazy(() => import('./pages/webhook.tsx').then(page => ({ default: page.WebhookScreen }))),
})

const tree = root.addChildren([
  auth,
  invitation,
  desk.addChildren([
    frame.addChildren([
      ...[session, dial, campaign, calls, call, inbox, ai, aiAgent, live, reports, queues, queue],
      ...[conferences, conference, flows, flow, numbers, team, billing, doNotCall, events, voice],
      ...[extensions, masks, mask, webhooks, webhook, campaigns, campaignSettings, imports, oneImport],
    ]),
  ]),
])

/** The pages are under this path; the names at the root belong to the API. */
const BASE = '/app'

/** An address of before, `/calls/…`, or the bare root, becomes one of ours without a request. */
export function settleAddress(): void {
  const { pathname, search, hash } = window.location
  if (pathname !== BASE && !pathname.startsWith(`${BASE}/`))
    window.history.replaceState(null, '', `${BASE}${pathname}${search}${hash}`)
}

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree: tree, basepath: BASE, context: { queries }, defaultErrorComponent: PageFailed })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}

/** Shown if a page cannot be loaded, mostly in an old tab after a new release. It does not affect the call on the line. */
function PageFailed({ error }: ErrorComponentProps) {
  return (
    <ProblemBox title="This page could not be opened">
      There may be a newer version. <a href="/app/">Reload</a> when no call is on the line.
      <p className="tl-small tl-muted">{error instanceof Error ? error.message : null}</p>
    </ProblemBox>
  )
}

function NotFound() {
  return (
    <main className="tl-stack" style={{ padding: 24 }}>
      <h1>This page does not exist</h1>
      <a href="/app/">To the dialer</a>
    </main>
  )
}
