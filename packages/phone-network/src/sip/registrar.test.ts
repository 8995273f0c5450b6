import { expect, test } from 'vitest'
import { requestOf } from './message.ts'
import { BINDINGS_MAX, Registrar } from './registrar.ts'
import type { Hop } from './transport.ts'

/** How long a phone is registered, and what changes it. */

const HOP: Hop = { transport: 'UDP', address: '127.0.0.1', port: 5_060, connection: null }

function stage() {
  const clock = { now: 1_000_000 }
  const registrar = new Registrar(() => clock.now)
  let number = 0
  const register = (contact: string | null, expires: string | null = null, callId = 'a', sequence?: number) => {
    number += 1
    const headers: [string, string][] = [
      ['Call-ID', callId],
      ['CSeq', `${sequence ?? number} REGISTER`],
    ]
    if (contact !== null) headers.push(['Contact', contact])
    if (expires !== null) headers.push(['Expires', expires])
    const done = registrar.register('SD1', 'ada', requestOf('REGISTER', 'sip:x', headers), HOP)
    return done.ok ? registrar.contactsOf(done.bindings).map(([, value]) => value) : done
  }
  return { clock, registrar, register }
}

test('a phone is registered for as long as it asks, ten minutes by default and an hour at most', () => {
  const { clock, registrar, register } = stage()
  expect(register('<sip:a@h>')).toEqual(['<sip:a@h>;expires=600'])
  expect(register('<sip:b@h>;expires=99999', '300')).toEqual(['<sip:a@h>;expires=600', '<sip:b@h>;expires=3600'])
  expect(register(null)).toEqual(['<sip:a@h>;expires=600', '<sip:b@h>;expires=3600'])
  clock.now += 599_999
  expect(registrar.of('SD1', 'ada')).toHaveLength(2)
  clock.now += 1
  expect(registrar.of('SD1', 'ada').map(one => one.contact)).toEqual(['sip:b@h'])
  expect([registrar.of('SD2', 'ada'), registrar.of('SD1', 'bo')]).toEqual([[], []])
})

test('a time under a minute is refused with the least there is; zero removes one phone, and a star all of them', () => {
  const { register } = stage()
  expect(register('<sip:a@h>', '30')).toEqual({ ok: false, status: 423, headers: [['Min-Expires', '60']] })
  register('<sip:a@h>')
  register('<sip:b@h>')
  expect(register('<sip:a@h>', '0')).toEqual(['<sip:b@h>;expires=600'])
  expect(register('*', '60')).toMatchObject({ ok: false, status: 400 })
  expect(register('*', '0')).toEqual([])
})

test('a request that was overtaken changes nothing, and there are no more than ten phones', () => {
  const { register } = stage()
  register('<sip:a@h>', '600', 'call', 5)
  expect(register('<sip:a@h>', '0', 'call', 4)).toMatchObject({ ok: false, status: 500 })
  for (let phone = 1; phone < BINDINGS_MAX; phone += 1) register(`<sip:p${phone}@h>`)
  expect(register('<sip:more@h>')).toMatchObject({ ok: false, status: 403 })
  expect(register('nonsense here')).toMatchObject({ ok: false, status: 400 })
  expect(register('<sip:a@h>', 'soon')).toMatchObject({ ok: false, status: 400 })
})
