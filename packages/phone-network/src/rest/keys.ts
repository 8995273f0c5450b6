import type { ApiKey } from '../engine/account.ts'
import { one } from './form.ts'
import { drop, keep } from './keep.ts'
import { page } from './paging.ts'
import { accountPath, date } from './resources.ts'
import { notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Keys` and `/SigningKeys`: the same keys under two names. The secret is only in the answer to the create. */

function keyResource(key: ApiKey): Record<string, unknown> {
  return {
    sid: key.sid,
    friendly_name: key.friendlyName,
    date_created: date(key.createdAt),
    date_updated: date(key.updatedAt),
  }
}

function keyOf(ask: RestAsk, sid: string): ApiKey {
  const key = ask.world.keys.get(sid)
  if (!key) throw notFound(ask.path)
  return key
}

function nameOf(ask: RestAsk): { friendlyName?: string } {
  const friendlyName = one(ask.form, 'FriendlyName')
  return friendlyName === null ? {} : { friendlyName: friendlyName.slice(0, 64) }
}

function create(ask: RestAsk): RestAnswer {
  const key = keyOf(ask, keep(ask, { of: 'key', sid: null, settings: nameOf(ask) }))
  return { status: 201, body: { ...keyResource(key), secret: key.secret } }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  return { status: 200, body: keyResource(keyOf(ask, sid)) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  keep(ask, { of: 'key', sid: keyOf(ask, sid).sid, settings: nameOf(ask) })
  return fetch(ask, sid)
}

function routesOf(name: string, key: string): Route[] {
  const all = `/${name}.json`
  const single = `/${name}/{Sid}.json`
  const list = ({ world, query }: RestAsk): RestAnswer => {
    const keys = [...world.keys.values()].reverse()
    return { status: 200, body: page(`${accountPath(world)}/${name}.json`, query, key, keys, keyResource) }
  }
  return [
    { method: 'GET', path: all, operation: 'key-list', run: list },
    { method: 'POST', path: all, operation: 'key-create', run: create },
    { method: 'GET', path: single, operation: 'key-fetch', run: fetch },
    { method: 'POST', path: single, operation: 'key-update', run: update },
    {
      method: 'DELETE',
      path: single,
      operation: 'key-delete',
      run: (ask, sid = '') => drop(ask, 'key', keyOf(ask, sid).sid),
    },
  ]
}

export const KEY_ROUTES: Route[] = [...routesOf('Keys', 'keys'), ...routesOf('SigningKeys', 'signing_keys')]
