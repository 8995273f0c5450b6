/** Phones at the edge: they register, call each other, and the log of the workspace has their calls. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { beforeAll, expect, test } from 'vitest'
import { logOf } from '../../src/actors/stubs.ts'
import { header } from './sip-phone.ts'
import { extension, logged, open, pair, registrarOf, sleep, talk } from './sip-stage.ts'
import { bindings, migrated, until } from './stage.ts'

beforeAll(migrated)

const ladderOf = (workspaceId: string, callId: string) => registrarOf(workspaceId).ladder(callId)

test('a phone registers with its secret, the answer lists where it is, and that is stored [S1-24]', async () => {
  const secret = await extension('w_sipone', '101')
  const phone = await open('w_sipone', '101', secret)
  const ok = await phone.register()
  expect(ok).toContain('SIP/2.0 200 OK')
  expect(header(ok, 'contact')).toContain(`<${phone.contact}>;expires=3600`)
  await sleep('w_sipone')
  expect(await registrarOf('w_sipone').extension('ex_101')).toMatchObject({ phones: 1 })
  phone.socket.close(1000)
  await until(async () => expect(await registrarOf('w_sipone').extension('ex_101')).toMatchObject({ phones: 0 }))
})

test('two phones talk: every message passes, and the call stands in the log with its ladder', async () => {
  const [a, b] = await pair('w_siptwo')
  const { inCall } = await talk(a, b)
  // No object has the call, so the sweep must not ask one.
  await until(async () => expect((await logged('w_siptwo', 1, false))[0]).toMatchObject({ status: 'progressing' }))
  expect((await logOf(bindings, 'w_siptwo').silent(Date.now() + 3_600_000, 10)).calls).toEqual([])
  const info = await b.after(() => a.send(a.request('INFO', '102', { ...inCall, body: 'Signal=5' })), 'INFO')
  expect(info).toContain('Signal=5')
  await a.after(() => b.send(b.answer(info, 200)), '200')
  const bye = await b.after(() => a.send(a.request('BYE', '102', inCall)), 'BYE')
  await a.after(() => b.send(b.answer(bye, 200)), '200')
  const [row] = await logged('w_siptwo', 1)
  expect(row).toMatchObject({ kind: 'sip', from: '101', number: '102', status: 'hangup', hangupReason: 'normal' })
  expect(row?.needsFollowUp).toBe(false)
  const found = await ladderOf('w_siptwo', row?.callId ?? '')
  expect(found?.call).toMatchObject({ from: '101', to: '102', ended: { reason: 'hung-up' } })
  const lines = found?.ladder.first.map(({ from, to, line }) => `${from}→${to} ${line.replace(/ sip:.*/, '')}`)
  expect(lines?.slice(0, 3)).toEqual([
    '101→registrar INVITE',
    'registrar→101 SIP/2.0 100 Trying',
    'registrar→102 INVITE',
  ])
  expect(lines?.at(-1)).toBe('registrar→101 SIP/2.0 200 Words')
})

test('a call goes on when the object has lost its memory while it rang and while they talked', async () => {
  const [a, b] = await pair('w_sipsleep')
  const { inCall } = await talk(a, b, () => sleep('w_sipsleep'))
  await sleep('w_sipsleep')
  const bye = await b.after(() => a.send(a.request('BYE', '102', inCall)), 'BYE')
  await sleep('w_sipsleep')
  await a.after(() => b.send(b.answer(bye, 200)), '200')
  expect(await logged('w_sipsleep', 1)).toMatchObject([{ hangupReason: 'normal' }])
})

test('nobody is registered: the caller hears 480 with words, and the log says why [S1-27]', async () => {
  await extension('w_sipnone', '102')
  const a = await open('w_sipnone', '101', await extension('w_sipnone', '101'))
  await a.register()
  const answer = await a.after(() => a.send(a.request('INVITE', '102')), '480')
  expect(answer).toContain('SIP/2.0 480 This extension is not registered.')
  expect(await a.after(() => a.send(a.request('INVITE', '103')), '404')).toContain('There is no such extension.')
  const [row] = await logged('w_sipnone', 1)
  expect((await ladderOf('w_sipnone', row?.callId ?? ''))?.call.ended).toMatchObject({
    reason: 'not-registered',
    status: 480,
  })
})

test('two phones of an extension ring, one answers, and the other is told that it was answered elsewhere', async () => {
  const [a, b] = await pair('w_sipfork')
  const other = await open('w_sipfork', '102', b.settings.secret)
  await other.register()
  a.send(a.request('INVITE', '102', { callId: 'fork' }))
  const [one, two] = await Promise.all([b.hears('INVITE'), other.hears('INVITE')])
  b.send(b.answer(one, 180))
  other.send(other.answer(two, 180, { tag: 'other' }))
  other.send(other.answer(two, 200, { tag: 'other' }))
  expect(await b.hears('CANCEL')).toContain('Call completed elsewhere')
  expect(header(await a.hears('200'), 'to')).toContain('tag=other')
})

test('a phone that is killed in mid-call has half a minute; then the other one hears BYE', async () => {
  const [a, b] = await pair('w_sipdead')
  await talk(a, b)
  b.socket.close(1000)
  await until(async () => expect(await registrarOf('w_sipdead').extension('ex_102')).toMatchObject({ phones: 0 }))
  // The half minute is over: nobody waits for it here.
  const object = registrarOf('w_sipdead') as unknown as DurableObjectStub
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec("UPDATE dialogs SET body = json_set(body, '$.callee.goneAtMs', ?)", Date.now() - 30_000)
  })
  await sleep('w_sipdead')
  await runDurableObjectAlarm(registrarOf('w_sipdead') as unknown as DurableObjectStub)
  expect(await a.hears('BYE')).toContain('The other phone has lost its connection')
  expect(await logged('w_sipdead', 1)).toMatchObject([{ hangupReason: 'failed' }])
})

test('a new secret cuts off the phones that have the old one, and so does a deletion', async () => {
  const [a, b] = await pair('w_sipnew')
  const made = await registrarOf('w_sipnew').renewSecret('ex_101')
  await until(async () => expect(a.closed).toMatchObject({ code: 1008 }))
  const again = await open('w_sipnew', '101', made?.secret ?? '')
  expect(await again.register({ secret: a.settings.secret })).toContain('SIP/2.0 401')
  expect(await again.register()).toContain('SIP/2.0 200')
  expect(await registrarOf('w_sipnew').remove('ex_102')).toBe(true)
  await until(async () => expect(b.closed).toMatchObject({ code: 1008 }))
  expect(await again.after(() => again.send(again.request('INVITE', '102')), /^4/)).toContain('404')
})
