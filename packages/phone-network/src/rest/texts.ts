import { segmentsOf, type Text } from '../engine/texts/text.ts'
import type { World } from '../engine/world.ts'
import { dateFilter } from './date-filter.ts'
import { one } from './form.ts'
import { page } from './paging.ts'
import { readTextRequest, TEXT_WITHOUT_EFFECT } from './read-text.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { badParameter, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Messages`: texts. https://www.twilio.com/docs/messaging/api/message-resource */

/** https://www.twilio.com/docs/api/errors/30003 */
const ERRORS = new Map([[30003, 'Unreachable destination handset']])

function textResource(world: World, text: Text): Record<string, unknown> {
  const uri = `${accountPath(world)}/Messages/${text.sid}`
  return {
    sid: text.sid,
    account_sid: world.account.accountSid,
    messaging_service_sid: null,
    from: text.from,
    to: text.to,
    body: text.body,
    status: text.status,
    direction: text.direction,
    num_segments: String(segmentsOf(text.body)),
    num_media: String(text.media.length),
    error_code: text.errorCode,
    error_message: text.errorCode === null ? null : (ERRORS.get(text.errorCode) ?? null),
    price: null,
    price_unit: 'USD',
    api_version: API_VERSION,
    date_created: date(text.createdAt),
    date_updated: date(text.updatedAt),
    date_sent: date(text.sentAt),
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  }
}

function textOf(ask: RestAsk, sid: string): Text {
  const text = ask.world.texts.all.get(sid)
  if (!text) throw notFound(ask.path)
  return text
}

function create(ask: RestAsk): RestAnswer {
  const request = readTextRequest(ask.world, ask.form)
  for (const name of TEXT_WITHOUT_EFFECT) {
    if (one(ask.form, name) !== null) ask.alert(`${name} of a message is accepted without effect`)
  }
  const created = ask.take({ kind: 'text.requested', request }).facts.find(fact => fact.kind === 'text-created')
  const text = created && ask.world.texts.all.get(created.textSid)
  if (!text) throw new Error('the engine made no text')
  return { status: 201, body: textResource(ask.world, text) }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: textResource(ask.world, textOf(ask, sid)) }
}

/** Twilio lets a text be emptied, and cancelled before it is sent; scheduled texts do not exist here. */
function update(ask: RestAsk, sid: string): RestAnswer {
  const text = textOf(ask, sid)
  if (!ask.form.has('Body') || one(ask.form, 'Body') !== null) throw badParameter('Body', 'may only become empty')
  ask.take({ kind: 'text.emptied', textSid: sid })
  return { status: 200, body: textResource(ask.world, text) }
}

function remove(ask: RestAsk, sid: string): RestAnswer {
  textOf(ask, sid)
  ask.take({ kind: 'text.forgotten', textSid: sid })
  return { status: 204, body: null }
}

function list(ask: RestAsk): RestAnswer {
  const { world, query } = ask
  const [to, from] = [one(query, 'To'), one(query, 'From')]
  const sent = dateFilter<Text>(query, 'DateSent', text => text.sentAt)
  const found = [...world.texts.all.values()]
    .reverse()
    .filter(text => (to === null || text.to === to) && (from === null || text.from === from) && sent(text))
  const path = `${accountPath(world)}/Messages.json`
  return { status: 200, body: page(path, query, 'messages', found, text => textResource(world, text)) }
}

const ALL = '/Messages.json'
const ONE = '/Messages/{Sid}.json'

export const TEXT_ROUTES: Route[] = [
  { method: 'GET', path: ALL, operation: 'text-list', run: list },
  { method: 'POST', path: ALL, operation: 'text-create', run: create },
  { method: 'GET', path: ONE, operation: 'text-fetch', run: fetch },
  { method: 'POST', path: ONE, operation: 'text-update', run: update },
  { method: 'DELETE', path: ONE, operation: 'text-delete', run: remove },
]
