/** One row per carrier: the routes of its webhooks and sockets. A carrier without a row does not compile. */
import type { Hono } from 'hono'
import type { Env } from '../../actors/env.ts'
import type { CarrierAccount } from '../../providers/telephony/port.ts'
import { scriptedRoutes } from './scripted/routes.ts'
import { twilioRoutes } from './twilio/routes.ts'

const ROUTES: Record<CarrierAccount['provider'], (app: Hono<{ Bindings: Env }>) => void> = {
  twilio: twilioRoutes,
  scripted: scriptedRoutes,
}

/** Paths that the rows begin with; only some of what is asked under them is a carrier's. */
export const CARRIER_PATH = /^https?:\/\/[^/]+\/(?:twilio|carriers)\//

export function carrierRoutes(app: Hono<{ Bindings: Env }>): void {
  for (const add of Object.values(ROUTES)) add(app)
}
