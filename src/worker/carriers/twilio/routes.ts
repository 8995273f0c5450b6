/** Twilio's webhooks and sockets, under `/twilio/:workspace/…`, and its fallback, which needs no signature. */
import type { Hono } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { safeHarbour } from '../../../core/instruction/instruction.ts'
import { fallbackMark } from '../../../providers/telephony/twilio/callback-urls.ts'
import { Refusal } from '../../problem.ts'
import { accountAt, answerWith, type Ctx, carrierDoor, WORKSPACE } from '../door.ts'

export function twilioRoutes(app: Hono<{ Bindings: Env }>): void {
  app.all(`/twilio/${WORKSPACE}/fallback`, fallback)
  carrierDoor(app, '/twilio', 'twilio')
}

const LAST_WORDS = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Goodbye.</Say><Hangup/></Response>'

/** The fallback needs no actor: its words are in the query, which we signed when the call was placed. */
async function fallback(c: Ctx): Promise<Response> {
  const account = await accountAt(c, c.req.param('workspace') ?? '', 'twilio')
  const { name = '', number = '', mark = '' } = c.req.query()
  if ((await fallbackMark(account, name, number)) !== mark) throw new Refusal(403, 'The mark is missing or wrong.')
  try {
    return await answerWith(c, account, '', safeHarbour({ name, number }))
  } catch {
    // Nothing comes after the fallback, so whatever is wrong, the person hears no carrier's error.
    return c.body(LAST_WORDS, 200, { 'Content-Type': 'text/xml; charset=utf-8' })
  }
}
