/** Strangers and odd phones at the edge: each is refused, and nobody else notices. */
import { listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { sipDomainOf, workspaceOfSipDomain } from '../../src/core/ids.ts'
import { header } from './sip-phone.ts'
import { extension, makeWorkspace, open, Phone, pair, registrarOf, sleep, talk, upgrade } from './sip-stage.ts'
import { bindings, migrated, request, until } from './stage.ts'

beforeAll(migrated)

/** It has a phone that is not registered. */
async function stranger(workspaceId: string, from?: string): Promise<Phone> {
  return open(workspaceId, '101', await extension(workspaceId, '101'), from)
}

test('a domain is its workspace’s by its name alone, in capital letters as well, and no other name leads to an object', async () => {
  for (const id of ['w_demo', 'w_Demo', 'w_DEMO', 'w_1', 'w_aB3', `w_${'Z'.repeat(32)}`])
    expect(workspaceOfSipDomain(sipDomainOf(id).toUpperCase())).toBe(id)
  for (const text of ['', 'w-.trunkline.internal', 'w--.trunkline.internal', 'w-a-.trunkline.internal', 'demo.test'])
    expect(workspaceOfSipDomain(text)).toBeNull()
  expect(workspaceOfSipDomain(`w-${'a'.repeat(33)}.trunkline.internal`)).toBeNull()
})

test('a domain that nobody has is 404, without an object; so is one without extensions', async () => {
  const space = bindings.REGISTRAR as unknown as DurableObjectNamespace
  expect((await upgrade(sipDomainOf('w_nobody'))).status).toBe(404)
  expect((await upgrade('sip.example')).status).toBe(404)
  const names = (await listDurableObjectIds(space)).map(id => id.toString())
  expect(names).not.toContain(space.idFromName('w_nobody').toString())
  await makeWorkspace('w_bare')
  expect((await upgrade(sipDomainOf('w_bare'))).status).toBe(404)
})

test('what is no phone of RFC 7118 is refused before a socket is opened', async () => {
  await stranger('w_sipdoor')
  const path = `/sip/${sipDomainOf('w_sipdoor')}`
  expect((await request(path)).status).toBe(426)
  expect((await request(path, { headers: { Upgrade: 'websocket' } })).status).toBe(400)
  const chat = { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': 'chat' }
  expect((await request(path, { headers: chat })).status).toBe(400)
  const answer = await upgrade(sipDomainOf('w_sipdoor'), { 'Sec-WebSocket-Protocol': 'chat, sip' })
  expect([answer.status, answer.headers.get('Sec-WebSocket-Protocol')]).toEqual([101, 'sip'])
})

test('the keep-alive is answered, whether the platform knows it or the object does', async () => {
  const phone = await stranger('w_sipping')
  for (const text of ['\r\n\r\n', '\r\n']) {
    const before = phone.heard.length
    phone.send(text)
    await until(async () => expect(phone.heard.slice(before).map(one => one.text)).toEqual(['\r\n']))
  }
})

test('a phone of another workspace neither registers here nor calls anybody here', async () => {
  const [a] = await pair('w_sipours')
  const secret = await extension('w_siptheirs', '101')
  const far = await open('w_siptheirs', '101', secret)
  expect(await far.register()).toContain('200')
  const domain = sipDomainOf('w_sipours')
  const call = far.request('INVITE', '102').replaceAll(sipDomainOf('w_siptheirs'), domain)
  expect(await far.ask(call)).toContain('SIP/2.0 403')
  // With the secret of its own workspace, at the door of ours.
  const here = await open('w_sipours', '101', secret)
  expect(await here.register()).toContain('SIP/2.0 401')
  const realm = far.request('REGISTER', '101').replaceAll(sipDomainOf('w_siptheirs'), domain)
  expect(await far.ask(realm)).toContain('SIP/2.0 403')
  expect(a.words()).not.toContain('INVITE')
})

test('a nonce is good once for each count, here, and for some minutes; after a loss of memory as well', async () => {
  const phone = await stranger('w_sipnonce')
  const register = (lines: string[]) => phone.ask(phone.request('REGISTER', '101', { lines }))
  const challenge = await register([])
  const first = phone.credentials(challenge)
  expect(await register([first])).toContain('SIP/2.0 200')
  expect(await register([first])).toContain('stale=true')
  await sleep('w_sipnonce')
  expect(await register([first])).toContain('stale=true')
  expect(await register([phone.credentials(challenge, 'REGISTER', { count: 2 })])).toContain('SIP/2.0 200')
  const [, nonce = ''] = /nonce="([^"]*)"/.exec(challenge) ?? []
  const forged = nonce.replace(/.$/, last => (last === '0' ? '1' : '0'))
  const answer = await register([phone.credentials(challenge, 'REGISTER', { nonce: forged })])
  expect([answer.includes('SIP/2.0 401'), answer.includes('stale')]).toEqual([true, false])
  const other = await stranger('w_sipnonce2')
  const theirs = await other.ask(other.request('REGISTER', '101', { lines: [other.credentials(challenge)] }))
  expect([theirs.includes('SIP/2.0 401'), theirs.includes('stale')]).toEqual([true, false])
})

test('wrong secrets end the socket, then shut out the address for this extension, and nobody else', async () => {
  const phone = await stranger('w_sipwrong', '198.51.100.7')
  const { secret } = phone.settings
  for (let tries = 0; tries < 10; tries += 1) expect(await phone.register({ secret: 'guess' })).toContain('401')
  await until(async () => expect(phone.closed).toEqual({ code: 1008, reason: 'too many wrong secrets' }))
  const second = await open('w_sipwrong', '101', secret, '198.51.100.7')
  // The name of somebody else in To hides nothing.
  for (let tries = 0; tries < 10; tries += 1) {
    const challenge = await second.ask(second.request('REGISTER', '102'))
    const lines = [second.credentials(challenge, 'REGISTER', { user: '101', secret: 'guess' })]
    await second.ask(second.request('REGISTER', '102', { lines }))
  }
  const third = await open('w_sipwrong', '101', secret, '198.51.100.7')
  expect(await third.register()).toContain('SIP/2.0 403 There were too many wrong secrets')
  const elsewhere = await open('w_sipwrong', '101', secret, '198.51.100.8')
  expect(await elsewhere.register()).toContain('SIP/2.0 200')
})

test('an unknown extension is answered as a wrong secret is', async () => {
  const phone = await stranger('w_sipguess')
  const nobody = new Phone(phone.socket, 'w_sipguess', '999', 'guess')
  const shape = (text: string) =>
    text.replaceAll(/nonce="[^"]*"|tag=\w+|branch=\w+|Call-ID: \S+|\b(101|999)\b|CSeq: \d+/gi, '')
  expect(shape(await nobody.register())).toBe(shape(await phone.register({ secret: 'guess' })))
})

test('messages that are none are refused with words, too large ones as well, and too many end the socket', async () => {
  const phone = await stranger('w_sipjunk')
  const invite = phone.request('INVITE', '102')
  expect(await phone.ask(invite.replace(/CSeq: .*/, 'CSeq: many INVITE'))).toContain('SIP/2.0 400 CSeq is malformed.')
  expect(await phone.ask(invite.replace('Max-Forwards: 70', 'Max-Forwards: 300'))).toContain('SIP/2.0 400 Max-Forwards')
  expect(await phone.ask(`${invite}${'x'.repeat(70_000)}`)).toContain('SIP/2.0 413 The message is too large.')
  for (const text of ['hello', '\0', 'SIP/2.0', 'INVITE', '{}', 'GET / HTTP/1.1']) phone.send(text)
  phone.socket.send(new Uint8Array([0xff, 0xfe, 0]))
  expect(await phone.register()).toContain('SIP/2.0 200')
  for (let count = 0; count < 20; count += 1) phone.send('hello')
  await until(async () => expect(phone.closed).toMatchObject({ code: 1008 }))
})

test('forged headers lead nowhere: Via, Route, Contact and From name nobody but the sender', async () => {
  const [a, b] = await pair('w_sipforge')
  const third = await open('w_sipforge', '103', await extension('w_sipforge', '103'))
  await third.register()
  expect(await third.ask(third.request('INVITE', '102', { from: '101' }))).toContain('From is not the extension')
  const via = third.request('INVITE', '102').replace(/SIP\/2.0\/WS \S+;/, `SIP/2.0/WS ${sipDomainOf('w_sipforge')};`)
  expect(await third.ask(via)).toContain('SIP/2.0 482')
  expect(await third.ask(third.request('INVITE', '102').replace('Max-Forwards: 70', 'Max-Forwards: 0'))).toContain(
    '483',
  )
  const { inCall } = await talk(a, b)
  // It knows everything of the call but its connection.
  const bye = third.request('BYE', '102', { ...inCall, from: '101', fromTag: 'f101' })
  expect(await third.ask(bye)).toContain('SIP/2.0 481')
  const routed = third.request('MESSAGE', '102', { lines: [`Route: <sip:${b.contact.slice(4)}>`], target: a.contact })
  expect(await third.ask(routed)).toContain('SIP/2.0 403')
  expect(b.words()).not.toContain('BYE')
  expect(header(b.last('INVITE'), 'via')).toContain(sipDomainOf('w_sipforge'))
})

test('a socket that floods is cut off, and its phone with it; another phone registers and calls as before', async () => {
  const [a, b] = await pair('w_sipflood')
  const flood = await open('w_sipflood', '103', await extension('w_sipflood', '103'))
  await flood.register()
  const register = flood.request('REGISTER', '103')
  for (let count = 0; count < 3_000; count += 1) flood.send(register)
  const { inCall } = await talk(a, b)
  await b.after(() => a.send(a.request('BYE', '102', inCall)), 'BYE')
  await until(async () => expect(flood.closed).toEqual({ code: 1008, reason: 'too many messages' }))
  expect(flood.words().filter(word => word === '401').length).toBeLessThan(100)
  expect(await registrarOf('w_sipflood').extension('ex_103')).toMatchObject({ phones: 0 })
  expect(await (await open('w_sipflood', '102', b.settings.secret)).register()).toContain('SIP/2.0 200')
})

test('sockets that never register are closed, those of phones stay, and one address has no more than a share', async () => {
  const phone = await stranger('w_sipidle', '198.51.100.1')
  await phone.register()
  const silent = await open('w_sipidle', '101', '', '198.51.100.2')
  const object = registrarOf('w_sipidle') as unknown as DurableObjectStub
  await runInDurableObject(object, (_, ctx) => {
    for (const socket of ctx.getWebSockets())
      socket.serializeAttachment({ ...(socket.deserializeAttachment() as object), openedMs: Date.now() - 31_000 })
  })
  await runDurableObjectAlarm(object)
  await until(async () => expect(silent.closed).toEqual({ code: 1008, reason: 'nobody has registered' }))
  expect(await phone.register()).toContain('SIP/2.0 200')
  const opened = await Promise.all(
    Array.from({ length: 205 }, () => upgrade(sipDomainOf('w_sipidle'), { 'CF-Connecting-IP': '198.51.100.3' })),
  )
  const statuses = opened.map(one => one.status)
  expect([statuses.filter(one => one === 101).length, statuses.filter(one => one === 429).length]).toEqual([200, 5])
  expect((await upgrade(sipDomainOf('w_sipidle'), { 'CF-Connecting-IP': '198.51.100.4' })).status).toBe(101)
})
