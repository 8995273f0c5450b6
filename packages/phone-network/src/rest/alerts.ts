import { createHash } from 'node:crypto'
import type { World } from '../engine/world.ts'
import type { Entry, WebhookEntry } from '../network-log.ts'
import { dateFilter } from './date-filter.ts'
import { one } from './form.ts'
import { metaPage, page } from './paging.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { badParameter, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/**
 * The alerts of the log as Twilio's debugger shows them: `/Notifications` of the 2010 API, and the alerts of
 * monitor.twilio.com. Remarks of this network (code 0) are left out. The log forgets the oldest.
 */

type AlertEntry = Extract<Entry, { kind: 'alert' }>

interface Shown {
  sid: string
  entry: AlertEntry
  /** the request that caused it, when the log has an earlier one of the same call */
  request: (WebhookEntry & { seq: number }) | null
}

/** These codes are warnings, all others are errors. https://www.twilio.com/docs/api/errors */
const WARNINGS = new Set([12200, 13252, 21262, 21626, 31921, 31924, 31930])

function alertsOf(ask: RestAsk): Shown[] {
  const requests = new Map<string, WebhookEntry & { seq: number }>()
  const shown: Shown[] = []
  for (const entry of ask.log()) {
    if (entry.kind === 'webhook' && entry.callSid !== null) requests.set(entry.callSid, entry)
    if (entry.kind !== 'alert' || entry.code === 0) continue
    const hash = createHash('sha256').update(`${ask.world.seed} alert ${entry.seq}`).digest('hex')
    const request = entry.callSid === null ? null : (requests.get(entry.callSid) ?? null)
    shown.push({ sid: `NO${hash.slice(0, 32)}`, entry, request })
  }
  return shown.reverse()
}

function levelOf({ entry }: Shown): 'error' | 'warning' {
  return WARNINGS.has(entry.code) ? 'warning' : 'error'
}

function moreInfo({ entry }: Shown): string {
  return `https://www.twilio.com/docs/errors/${entry.code}`
}

function requestKeys({ request }: Shown): Record<string, unknown> {
  return {
    request_method: request?.method ?? null,
    request_url: request?.url ?? null,
    request_variables: request ? new URLSearchParams(request.fields).toString() : null,
    response_body: request?.response ?? null,
    response_headers: null,
  }
}

function textOf(shown: Shown): string {
  const { code, message } = shown.entry
  return new URLSearchParams({
    Msg: message,
    ErrorCode: String(code),
    LogLevel: levelOf(shown).toUpperCase(),
  }).toString()
}

function notificationResource(world: World, shown: Shown): Record<string, unknown> {
  const { sid, entry } = shown
  return {
    ...requestKeys(shown),
    sid,
    account_sid: world.account.accountSid,
    api_version: API_VERSION,
    call_sid: entry.callSid,
    date_created: date(entry.at),
    date_updated: date(entry.at),
    error_code: String(entry.code),
    log: levelOf(shown) === 'error' ? '0' : '1',
    message_date: date(entry.at),
    message_text: textOf(shown),
    more_info: moreInfo(shown),
    uri: `${accountPath(world)}/Notifications/${sid}.json`,
  }
}

function listNotifications(ask: RestAsk, callSid: string | null = null): RestAnswer {
  const { world, query } = ask
  if (callSid !== null && !world.calls.has(callSid)) throw notFound(ask.path)
  const log = one(query, 'Log')
  const dated = dateFilter<Shown>(query, 'MessageDate', ({ entry }) => entry.at)
  const found = alertsOf(ask).filter(
    shown =>
      (callSid === null || shown.entry.callSid === callSid) &&
      (log === null || log === (levelOf(shown) === 'error' ? '0' : '1')) &&
      dated(shown),
  )
  const body = page(ask.path, query, 'notifications', found, shown => notificationResource(world, shown))
  return { status: 200, body }
}

function oneOf(ask: RestAsk, sid: string, callSid: string | null = null): Shown {
  const shown = alertsOf(ask).find(each => each.sid === sid && (callSid === null || each.entry.callSid === callSid))
  if (!shown) throw notFound(ask.path)
  return shown
}

function alertResource({ world, origin }: RestAsk, shown: Shown): Record<string, unknown> {
  const { sid, entry } = shown
  const at = new Date(entry.at).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    ...requestKeys(shown),
    sid,
    account_sid: world.account.accountSid,
    alert_text: textOf(shown),
    api_version: API_VERSION,
    date_created: at,
    date_generated: at,
    date_updated: at,
    error_code: String(entry.code),
    log_level: levelOf(shown),
    more_info: moreInfo(shown),
    request_headers: null,
    resource_sid: entry.callSid,
    service_sid: null,
    url: `${origin}/v1/Alerts/${sid}`,
  }
}

function timeOf(ask: RestAsk, name: string): number | null {
  const text = one(ask.query, name)
  if (text === null) return null
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw badParameter(name, 'must be a date')
  return ms
}

function listAlerts(ask: RestAsk): RestAnswer {
  const level = one(ask.query, 'LogLevel')
  const [from, to] = [timeOf(ask, 'StartDate'), timeOf(ask, 'EndDate')]
  const found = alertsOf(ask).filter(
    shown =>
      (level === null || levelOf(shown) === level) &&
      (from === null || shown.entry.at >= from) &&
      (to === null || shown.entry.at <= to),
  )
  return { status: 200, body: metaPage(ask, 'alerts', found, shown => alertResource(ask, shown)) }
}

export const ALERT_ROUTES: Route[] = [
  { method: 'GET', path: '/Notifications.json', operation: 'notification-list', run: ask => listNotifications(ask) },
  {
    method: 'GET',
    path: '/Notifications/{Sid}.json',
    operation: 'notification-fetch',
    run: (ask, sid = '') => ({ status: 200, body: notificationResource(ask.world, oneOf(ask, sid)) }),
  },
  {
    method: 'GET',
    path: '/Calls/{CallSid}/Notifications.json',
    operation: 'notification-list',
    run: listNotifications,
  },
  {
    method: 'GET',
    path: '/Calls/{CallSid}/Notifications/{Sid}.json',
    operation: 'notification-fetch',
    run: (ask, callSid = '', sid = '') => ({
      status: 200,
      body: notificationResource(ask.world, oneOf(ask, sid, callSid)),
    }),
  },
  { method: 'GET', path: '/v1/Alerts', operation: 'alert-list', run: listAlerts },
  {
    method: 'GET',
    path: '/v1/Alerts/{Sid}',
    operation: 'alert-fetch',
    run: (ask, sid = '') => ({ status: 200, body: alertResource(ask, oneOf(ask, sid)) }),
  },
]
