import type { Application } from '../engine/account.ts'
import { emptyRouting } from '../engine/book.ts'
import type { World } from '../engine/world.ts'
import { flag, one } from './form.ts'
import { drop, keep } from './keep.ts'
import { page } from './paging.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'
import { readRouting, routingKeys } from './routing-form.ts'

/** `/Applications`: TwiML Apps. https://www.twilio.com/docs/usage/api/applications */

function applicationResource(world: World, application: Application): Record<string, unknown> {
  return {
    ...routingKeys(application),
    sid: application.sid,
    account_sid: world.account.accountSid,
    api_version: API_VERSION,
    date_created: date(application.createdAt),
    date_updated: date(application.updatedAt),
    sms_status_callback: application.sms.SmsStatusCallback || null,
    message_status_callback: application.sms.MessageStatusCallback || null,
    public_application_connect_enabled: false,
    uri: `${accountPath(world)}/Applications/${application.sid}.json`,
  }
}

function applicationOf(ask: RestAsk, sid: string): Application {
  const application = ask.world.applications.get(sid)
  if (!application) throw notFound(ask.path)
  return application
}

function written(ask: RestAsk, sid: string | null): string {
  const old = sid === null ? emptyRouting('') : applicationOf(ask, sid)
  if (flag(ask.form, 'PublicApplicationConnectEnabled') === true) {
    ask.alert('PublicApplicationConnectEnabled is accepted without effect: there is one account')
  }
  return keep(ask, { of: 'application', sid, settings: readRouting(ask.form, old) })
}

function create(ask: RestAsk): RestAnswer {
  const sid = written(ask, null)
  return { status: 201, body: applicationResource(ask.world, applicationOf(ask, sid)) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  written(ask, sid)
  return fetch(ask, sid)
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: applicationResource(ask.world, applicationOf(ask, sid)) }
}

function list({ world, query }: RestAsk): RestAnswer {
  const name = one(query, 'FriendlyName')
  const found = [...world.applications.values()].reverse().filter(app => name === null || app.friendlyName === name)
  const path = `${accountPath(world)}/Applications.json`
  return { status: 200, body: page(path, query, 'applications', found, app => applicationResource(world, app)) }
}

const ALL = '/Applications.json'
const ONE = '/Applications/{Sid}.json'

export const APPLICATION_ROUTES: Route[] = [
  { method: 'GET', path: ALL, operation: 'application-list', run: list },
  { method: 'POST', path: ALL, operation: 'application-create', run: create },
  { method: 'GET', path: ONE, operation: 'application-fetch', run: fetch },
  { method: 'POST', path: ONE, operation: 'application-update', run: update },
  {
    method: 'DELETE',
    path: ONE,
    operation: 'application-delete',
    run: (ask, sid = '') => drop(ask, 'application', applicationOf(ask, sid).sid),
  },
]
