/** Shared by all webhooks of this carrier: the signed request, the ids of its path, the answer as TwiML. */
import type { Context } from 'hono'
import type { Env } from '../../../actors/env.ts'
import { parseId } from '../../../core/ids.ts'
import type { Instructions } from '../../../core/instruction/instruction.ts'
import type { TwilioAccount } from '../../../providers/telephony/port.ts'
import { documentFor, twimlOf } from '../../../providers/telephony/twilio/instructions.ts'
import { Refusal } from '../../problem.ts'
import type { CarrierRequest } from './signed.ts'

export type Ctx = Context<{ Bindings: Env }>

/** Handles a webhook whose signature was checked with the account of its workspace. */
export type Webhook = (c: Ctx, request: CarrierRequest) => Promise<Response>

/** Reads an id from the path. It must be of that kind and of the account's workspace. */
export function idIn<K extends 'call' | 'batch' | 'room'>(
  c: Ctx,
  { workspaceId }: { workspaceId: string },
  kind: K,
  name: string,
) {
  const id = parseId(kind, c.req.param(name) ?? '', workspaceId)
  if (id === null) throw new Refusal(404, 'There is no such thing here.')
  return id
}

/** The answer for one call: TwiML with the callback URLs of that call. */
export async function answer(
  c: Ctx,
  account: TwilioAccount,
  callId: string,
  instructions: Instructions,
): Promise<Response> {
  return xml(c, await documentFor(account, callId, instructions))
}

/** An answer without callback URLs of a call: words, a sound, the end. */
export function answerPlainly(c: Ctx, instructions: Instructions): Response {
  const urls = {
    answer: '',
    status: '',
    amd: '',
    recording: '',
    dialEnded: '',
    clientStatus: '',
    summary: '',
    media: '',
  }
  return xml(c, twimlOf(instructions, { ...urls, conference: () => '' }))
}

function xml(c: Ctx, twiml: string): Response {
  return c.body(twiml, 200, { 'Content-Type': 'text/xml; charset=utf-8' })
}

/** A callback for a call that we do not know is accepted, so that the carrier does not repeat it, and changes nothing. */
export function stored(c: Ctx, known: boolean): Response {
  if (!known) console.warn(JSON.stringify({ message: 'callback for an unknown call' }))
  return c.body(null, 204)
}
