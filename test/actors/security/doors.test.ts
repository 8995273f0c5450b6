/** What stands before every route: sizes, sign-in limits, hosts, headers, ids and words. */
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { beforeAll, expect, test } from 'vitest'
import { stubFor } from '../../../src/actors/stubs.ts'
import { app } from '../../../src/worker/app.ts'
import {
  ACCOUNT_TRIES_MAX,
  ADDRESS_TRIES_MAX,
  countTry,
  PAIR_TRIES_MAX,
  WINDOW_MS,
} from '../../../src/worker/sign-in-limits.ts'
import { BASE, bindings, migrated, request, signed, until } from '../stage.ts'
import { ask, callOf, PASSWORD, type Person, person, socketOf, trySignIn } from './people.ts'

let [admin, agent] = [] as Person[] as [Person, Person]
beforeAll(async () => {
  await migrated()
  admin = await person('Root', 'admin')
  agent = await person('Ada', 'agent')
})

/** A body that never says how long it is, and counts what was taken of it. */
function endless(pieceBytes: number, pieces: number): { body: ReadableStream; taken: () => number } {
  let given = 0
  const piece = new Uint8Array(pieceBytes).fill(0x61)
  const body = new ReadableStream({
    pull(controller) {
      if (given >= pieces) return controller.close()
      given += 1
      controller.enqueue(piece)
    },
  })
  return { body, taken: () => given * pieceBytes }
}

test.each([
  ['/twilio/w_test/hold', 'application/x-www-form-urlencoded', 64],
  ['/api/twilio/voice', 'application/x-www-form-urlencoded', 64],
  ['/twilio/voice', 'application/x-www-form-urlencoded', 64],
  ['/carriers/scripted/w_twin/events', 'application/json', 64],
  ['/api/first-admin', 'application/json', 8],
  ['/api/demo/sign-in', 'application/json', 8],
  ['/api/auth/sign-in/email', 'application/json', 8],
])(
  'an endless body to %s is refused when its limit is reached, and the rest is not taken [D9]',
  async (path, type, kib) => {
    const { body, taken } = endless(16 * 1024, 10_000)
    const init = { method: 'POST', headers: { 'Content-Type': type }, body, duplex: 'half' } as RequestInit
    const answer = await app.request(`${BASE}${path}`, init, bindings)
    expect(answer.status).toBe(413)
    expect(taken()).toBeLessThan((kib + 64) * 1024)
  },
)

test('a body of a signed-in person has its limit too, and broken framing is no error of ours [D9] [D23]', async () => {
  const headers = { 'Content-Type': 'application/json', Cookie: agent.cookie }
  const { body, taken } = endless(64 * 1024, 10_000)
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  expect((await app.request(`${BASE}/api/contacts/batch`, init, bindings)).status).toBe(413)
  expect(taken()).toBeLessThan(1.5 * 1024 * 1024)
  const broken = new ReadableStream({
    start: controller => controller.error(new Error('a bad chunk size')),
  })
  const cut = { method: 'POST', headers, body: broken, duplex: 'half' } as RequestInit
  expect((await app.request(`${BASE}/api/contacts/batch`, cut, bindings)).status).toBe(400)
})

const from = (address: string) => ({ 'CF-Connecting-IP': address })

test('guesses at one account from one address come to an end, whatever other headers say, also at once [D14]', async () => {
  const bo = await person('Bo', 'agent')
  const guesses = await Promise.all(
    Array.from({ length: PAIR_TRIES_MAX * 2 }, (_, n) =>
      trySignIn(bo.email, `guess number ${n}`, { ...from('198.51.100.1'), 'X-Forwarded-For': `203.0.113.${n}` }),
    ),
  )
  const statuses = guesses.map(answer => answer.status)
  expect(statuses.filter(status => status === 401)).toHaveLength(PAIR_TRIES_MAX)
  expect(statuses.filter(status => status === 429)).toHaveLength(PAIR_TRIES_MAX)
  expect(guesses.find(answer => answer.status === 429)?.headers.get('Retry-After')).toBe(String(WINDOW_MS / 1000))
  expect((await trySignIn(bo.email, PASSWORD, from('198.51.100.1'))).status).toBe(429)
})

/** A wrong guess, without the work of comparing the password. */
async function guess(email: string, address: string): Promise<boolean> {
  return (await countTry(bindings, email, new Headers(from(address)), Date.now())).allowed
}

test('strangers from many addresses lock nobody out who has signed in from theirs before [D14]', async () => {
  const cy = await person('Cy', 'agent')
  expect((await trySignIn(cy.email, PASSWORD, from('192.0.2.7'))).status).toBe(200)
  for (let n = 0; n < ACCOUNT_TRIES_MAX; n += 1) expect(await guess(cy.email, `203.0.113.${n}`)).toBe(true)
  expect((await trySignIn(cy.email, PASSWORD, from('203.0.113.200'))).status).toBe(429)
  expect((await trySignIn(cy.email, PASSWORD, from('192.0.2.7'))).status).toBe(200)
})

test('one address cannot try one account after the other for ever, and a right password costs nothing [D14]', async () => {
  const di = await person('Di', 'agent')
  for (let n = 0; n < ADDRESS_TRIES_MAX - 1; n += 1)
    expect(await guess(`nobody${n}@example.com`, '198.51.100.9')).toBe(true)
  for (let times = 0; times < 3; times += 1)
    expect((await trySignIn(di.email, PASSWORD, from('198.51.100.9'))).status).toBe(200)
  expect((await trySignIn('nobody@example.com', 'a wrong password', from('198.51.100.9'))).status).toBe(401)
  expect((await trySignIn(di.email, PASSWORD, from('198.51.100.9'))).status).toBe(429)
})

test('on a developer’s machine only names of this machine are served [D22]', async () => {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: 'http://evil.test' },
    body: '{"key":"root"}',
  }
  const answer = await app.request('http://evil.test:5050/api/demo/sign-in', init, bindings)
  expect(answer.status).toBe(421)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect((await app.request('http://localhost:5050/healthz', {}, bindings)).status).toBe(200)
  const production = { ...bindings, TRUNKLINE_MODE: 'production' }
  expect((await app.request('http://trunkline.example/healthz', {}, production)).status).toBe(200)
})

test('every answer of the API says how it may be used [D23]', async () => {
  for (const answer of [
    await request('/healthz'),
    await request('/api/me'),
    await ask(agent, 'GET /api/me'),
    await request('/api/none'),
    await trySignIn('nobody@example.com', 'wrong', from('192.0.2.99')),
    await request('/api/auth/error'),
    await signed('/twilio/w_test/hold', { CallSid: 'CA1' }),
  ]) {
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
    expect(answer.headers.get('Cache-Control')).toContain('no-store')
    expect(answer.headers.get('Strict-Transport-Security')).toMatch(/^max-age=\d{7,}/)
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  }
})

test('a file that is missing is 404, and an address of the app is its page [D23]', async () => {
  const page = new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html', 'Cache-Control': 'public' } })
  const ASSETS = { fetch: async () => page.clone() } as unknown as Fetcher
  const get = (path: string, method = 'GET') => app.request(`${BASE}${path}`, { method }, { ...bindings, ASSETS })
  for (const path of ['/assets/missing.js', '/index.js.map', '/.dev.vars', '/.git/HEAD', '/_headers', '/api/none'])
    expect((await get(path)).status, path).toBe(404)
  for (const path of ['/', '/app', '/app/auth', '/app/calls/w_main.call_1f', '/app/ai/ai_1']) {
    const answer = await get(path)
    expect(answer.status, path).toBe(200)
    expect(answer.headers.get('Cache-Control'), path).toBe('public')
  }
  // Addresses of before; a program that asks for the same path asks the API.
  const html = { Accept: 'text/html,*/*' }
  for (const path of ['/auth', '/calls/w_main.call_1f?a=b', '/ai/ai_1']) {
    const moved = await app.request(`${BASE}${path}`, { headers: html }, { ...bindings, ASSETS })
    expect([moved.status, moved.headers.get('Location')], path).toEqual([302, `/app${path}`])
  }
  expect((await get('/calls/w_main.call_1f')).status).toBe(401)
  expect((await get('/app/calls', 'POST')).status).toBe(404)
})

test('an acknowledgement of the future closes the socket with words, and so do too many commands [D16]', async () => {
  const socket = await socketOf(agent, '/api/desk')
  socket.send({ id: '1', type: 'hello', protocol: 1, tabId: 'tab', since: 0 })
  await until(async () => expect(socket.messages.at(-1)?.type).toBe('view'))
  socket.send({ id: '2', type: 'ack', seq: Number(socket.messages.at(-1)?.seq) + 1 })
  await until(async () => expect(socket.closed).toEqual({ code: 4400, reason: 'acknowledges what was not sent' }))

  const flood = await socketOf(agent, '/api/desk')
  for (let n = 0; n < 400; n += 1) flood.send({ id: `f${n}`, type: 'mute.changed', muted: n % 2 === 0 })
  await until(async () => expect(flood.closed).toEqual({ code: 4429, reason: 'too many commands' }))
  expect(flood.messages.filter(one => one.type === 'accepted').length).toBeLessThan(200)

  const statuses = await Promise.all(
    Array.from(
      { length: 400 },
      async () => (await ask(agent, 'POST /api/campaign/call-notknown', { phone: 'nobody' })).status,
    ),
  )
  expect(statuses).toContain(429)
})

test('a command id is good for one command: a repeat is accepted once, another command is refused [D21]', async () => {
  const who = await person('Ed', 'agent')
  const socket = await socketOf(who, '/api/desk')
  const answers = () => socket.messages.filter(one => one.id === 'same').map(one => one.reason ?? one.type)
  for (const paused of [true, true, false])
    socket.send({ id: 'same', type: paused ? 'presence.paused' : 'presence.ready' })
  await until(async () => expect(answers()).toEqual(['accepted', 'accepted', 'id-used']))
})

test('a session of a campaign that is another workspace’s, or nobody’s, does not start [D11]', async () => {
  const far = await person('Far', 'supervisor', 'w_far')
  const outcomes = [{ key: 1, outcomeId: 'yes', label: 'Yes' }]
  const { campaignId } = (await (await ask(far, 'POST /api/campaigns', { name: 'Far', outcomes })).json()) as {
    campaignId: string
  }
  const socket = await socketOf(agent, '/api/desk')
  const strange = [campaignId, 'w_test.c_invented', 'w_test', 'c_x', 'w_test.d_ada', '../w_far']
  for (const [n, id] of strange.entries()) {
    socket.send({ id: `s${n}`, type: 'session.start', campaignId: id, lines: 1 })
    await until(async () =>
      expect(socket.messages.find(one => one.id === `s${n}`)?.reason, id).toBe('unknown-campaign'),
    )
  }
  const { state } = await stubFor(bindings, 'campaign', campaignId).read()
  expect(state.sessions).toEqual([])
})

test('screens of agents do not lock a supervisor out of a call [D21]', async () => {
  await callOf('w_test.call_watched', { agentName: 'Ada', agentId: agent.userId })
  const path = '/api/calls/w_test.call_watched/live'
  const own = [await until(() => socketOf(agent, path))]
  for (let n = 0; n < 24; n += 1) own.push(await socketOf(agent, path))
  const supervisor = await person('Sam', 'supervisor')
  const screen = await socketOf(supervisor, path)
  await until(async () => expect(screen.messages[0]?.type).toBe('conversation'))
  await until(async () => expect(own.filter(one => one.closed === null)).toHaveLength(3))
})

test('a call that is over is neither taken over nor handed back [D21]', async () => {
  const callId = 'w_test.call_over'
  await callOf(callId, { agentName: 'Ada', agentId: agent.userId })
  const call = stubFor(bindings, 'call', callId)
  await until(async () =>
    expect((await call.read()).call).toMatchObject({ phase: 'live', providerId: expect.any(String) }),
  )
  await call.deliver(
    {
      type: 'call.reported',
      at: Date.now(),
      providerId: String(((await call.read()).call as { providerId: string }).providerId),
      status: 'completed',
    },
    null,
  )
  await until(async () => expect((await call.read()).call.phase).toBe('over'))
  for (const word of ['take-over', 'hand-back']) {
    const answer = await ask(admin, `POST /api/calls/${callId}/${word}`)
    expect(answer.status, word).toBe(409)
    expect(((await answer.json()) as { detail: string }).detail).toBe('This call is over.')
  }
})

/** An upgrade as the carrier signs it. */
function signedUpgrade(path: string): Promise<Response> {
  const token = bindings.TWILIO_AUTH_TOKEN ?? ''
  const signature = getExpectedTwilioSignature(token, `${BASE.replace('http', 'wss')}${path}`, {})
  return request(path, { headers: { Upgrade: 'websocket', 'X-Twilio-Signature': signature } })
}

test('a token that is a path, or has half a character, leads to no other socket of the call [D17]', async () => {
  const callId = 'w_test.call_paths'
  await callOf(callId, { agentName: 'Ada', agentId: agent.userId })
  for (const token of ['..%2Fwatch', '%2e%2e%2fwatch', '..%5cwatch', 'x%2F..%2F..%2Fwatch', '..%252Fwatch'])
    expect((await signedUpgrade(`/twilio/w_test/media/${callId}/${token}`)).status, token).toBe(403)
  for (const token of ['../watch', '\ud800']) {
    const answer = await signedUpgrade('/twilio/media-stream')
    const { webSocket } = answer as Response & { webSocket: WebSocket & { accept(): void } }
    const heard: string[] = []
    let closed = 0
    webSocket.addEventListener('message', ({ data }) => void heard.push(String(data)))
    webSocket.addEventListener('close', ({ code }) => {
      closed = code
    })
    webSocket.accept()
    const start = { streamSid: 'MZ1', callSid: 'CA1', customParameters: { callId, token }, mediaFormat: {} }
    webSocket.send(JSON.stringify({ event: 'start', start, streamSid: 'MZ1' }))
    await until(async () => expect(closed).toBe(1008))
    expect(heard).toEqual([])
  }
})

test('an id of the carrier that is no name is refused before it reaches an address [D20]', async () => {
  const callId = 'w_test.call_rec'
  await callOf(callId, { agentName: 'Ada', agentId: agent.userId })
  for (const RecordingSid of ['../Calls.json?x=', 'RE1/../../Calls', 'RE1?x', 'RE 1', 'x'.repeat(65)]) {
    const form = { CallSid: 'CA1', RecordingSid, RecordingStatus: 'completed' }
    const answer = await signed(`/twilio/w_test/calls/${callId}/recording`, form)
    expect(answer.status, RecordingSid).toBe(400)
    expect(await answer.json()).toMatchObject({ fields: [{ field: 'RecordingSid' }] })
  }
  const long = await signed('/twilio/w_test/inbound', { CallSid: 'CA9', From: 'x'.repeat(50_000), To: '+14155550199' })
  expect(long.status).toBe(400)
})

test('a cursor that is none of ours is refused, and gives no first page [D21]', async () => {
  for (const path of ['/api/calls', '/api/events', '/api/members', '/api/contacts'])
    for (const cursor of ['x', 'before~9~..%2Fx', 'members~%27', '2026-13~1~a', 'calls~1'])
      expect((await ask(admin, `GET ${path}?cursor=${cursor}`)).status, `${path} ${cursor}`).toBe(400)
})

test('the address of a tool is looked at when it is saved [D18]', async () => {
  const tool = { name: 'notes', description: 'Notes.', method: 'GET', url: 'https://127.0.0.1/', input: {} }
  const answer = await ask(admin, 'POST /api/ai/agents', { name: 'T', prompt: 'P.', httpTools: [tool] })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ fields: [{ field: 'httpTools.0.url' }] })
  const good = { ...tool, url: 'https://api.example.com/notes' }
  expect((await ask(admin, 'POST /api/ai/agents', { name: 'T', prompt: 'P.', httpTools: [good] })).status).toBe(201)
})
