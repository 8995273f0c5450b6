import { createHash } from 'node:crypto'
import type { World } from '../engine/world.ts'
import { one, whole } from './form.ts'
import { keep } from './keep.ts'
import { page } from './paging.ts'
import { API_VERSION, accountPath, date } from './resources.ts'
import { badParameter, notFound } from './rest-error.ts'
import type { RestAnswer, RestAsk, Route } from './route.ts'

/** `/Accounts`: the one account of this network; its balance; tokens for relays. */

const PARTS = {
  available_phone_numbers: 'AvailablePhoneNumbers',
  calls: 'Calls',
  conferences: 'Conferences',
  incoming_phone_numbers: 'IncomingPhoneNumbers',
  notifications: 'Notifications',
  outgoing_caller_ids: 'OutgoingCallerIds',
  recordings: 'Recordings',
  transcriptions: 'Transcriptions',
  addresses: 'Addresses',
  signing_keys: 'SigningKeys',
  connect_apps: 'ConnectApps',
  sip: 'SIP',
  authorized_connect_apps: 'AuthorizedConnectApps',
  usage: 'Usage',
  keys: 'Keys',
  applications: 'Applications',
  short_codes: 'SMS/ShortCodes',
  queues: 'Queues',
  messages: 'Messages',
  balance: 'Balance',
}

const RELAY_TTL_S = 86_400

function accountResource(world: World): Record<string, unknown> {
  const { account } = world
  const base = accountPath(world)
  return {
    sid: account.accountSid,
    auth_token: account.authToken,
    friendly_name: account.friendlyName,
    owner_account_sid: account.accountSid,
    status: account.status,
    type: 'Full',
    date_created: date(account.createdAt),
    date_updated: date(account.updatedAt),
    subresource_uris: Object.fromEntries(Object.entries(PARTS).map(([key, name]) => [key, `${base}/${name}.json`])),
    uri: `${base}.json`,
  }
}

function own(ask: RestAsk, sid: string): void {
  if (sid !== ask.world.account.accountSid) throw notFound(ask.path)
}

function list({ world, query }: RestAsk): RestAnswer {
  const { accountSid, friendlyName, status } = world.account
  const fits =
    friendlyName === (one(query, 'FriendlyName') ?? friendlyName) && status === (one(query, 'Status') ?? status)
  const items = fits ? [{ sid: accountSid }] : []
  const body = page(`/${API_VERSION}/Accounts.json`, query, 'accounts', items, () => accountResource(world))
  return { status: 200, body }
}

function fetch(ask: RestAsk, sid: string): RestAnswer {
  own(ask, sid)
  return { status: 200, body: accountResource(ask.world) }
}

function update(ask: RestAsk, sid: string): RestAnswer {
  own(ask, sid)
  const status = one(ask.form, 'Status')
  if (status !== null && status !== 'active' && status !== 'suspended' && status !== 'closed') {
    throw badParameter('Status', 'must be active, suspended or closed')
  }
  const friendlyName = one(ask.form, 'FriendlyName')
  keep(ask, {
    of: 'account',
    settings: { ...(status === null ? {} : { status }), ...(friendlyName === null ? {} : { friendlyName }) },
  })
  return fetch(ask, sid)
}

/** The balance is fixed, because this network has no money. */
function balance({ world }: RestAsk): RestAnswer {
  return { status: 200, body: { account_sid: world.account.accountSid, balance: '100.00', currency: 'USD' } }
}

/**
 * Twilio's answer lists its own ICE servers. This network needs none and must not send anybody off this machine, so it
 * lists an address of this machine, where a browser learns at once that there is no relay.
 */
function createToken({ world, form, at }: RestAsk): RestAnswer {
  const ttl = whole(form, 'Ttl', 1, RELAY_TTL_S, RELAY_TTL_S)
  const made = (what: string): Buffer => createHash('sha256').update(`${world.seed} ${what} ${at}`).digest()
  const [username, credential] = [made('username').toString('hex'), made('password').toString('base64')]
  const stun = 'stun:127.0.0.1:3478'
  const turn = ['turn:127.0.0.1:3478?transport=udp', 'turn:127.0.0.1:3478?transport=tcp']
  const body = {
    account_sid: world.account.accountSid,
    date_created: date(at),
    date_updated: date(at),
    ice_servers: [
      { url: stun, urls: stun, username: '', credential: '' },
      ...turn.map(url => ({ url, urls: url, username, credential })),
    ],
    password: credential,
    ttl: String(ttl),
    username,
  }
  return { status: 201, body }
}

export const ACCOUNT_ROUTES: Route[] = [
  { method: 'GET', path: '/2010-04-01/Accounts.json', operation: 'account-list', run: list },
  { method: 'GET', path: '/2010-04-01/Accounts/{Sid}.json', operation: 'account-fetch', run: fetch },
  { method: 'POST', path: '/2010-04-01/Accounts/{Sid}.json', operation: 'account-update', run: update },
  { method: 'GET', path: '/Balance.json', operation: 'balance-fetch', run: balance },
  { method: 'POST', path: '/Tokens.json', operation: 'token-create', run: createToken },
]
