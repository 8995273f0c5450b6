/** The scripted carrier's webhooks. Without an account of it, which only local mode can have, every one is refused. */
import type { Hono } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { carrierDoor } from '../door.ts'

export function scriptedRoutes(app: Hono<{ Bindings: Env }>): void {
  carrierDoor(app, '/carriers/scripted', 'scripted')
}
