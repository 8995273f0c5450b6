/**
 * Phones that register at the carrier's SIP domain of the workspace, over the whole phone network: they are called by a number, dial numbers, extensions
 * and what extensions lead to, and are nobody once their extension is gone. Other exchanges come in by trunks.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SipPhone } from '../../packages/phone-network/src/testing/sip-phone.ts'
import type { ShownExtension } from '../../src/wire/extension.ts'
import type { CarrierPhonesShown, ShownTrunk } from '../../src/wire/trunk.ts'
import type { VoiceCallRow } from '../../src/wire/voice-call.ts'
import { caller, ended, log, MAIN, program, said, setProgramStage, stage, until } from './program-stage.ts'

const OUTSIDE = '+15002200733'
/** Loudness of somebody who speaks, 0…1. */
const SPEECH = 0.02
const SPEAKS = Array(20)
  .fill([{ say: 'I would like to speak with the reception, please.' }, { pauseMs: 500 }])
  .flat()

type Made = ShownExtension & { password: string }
const phones: SipPhone[] = []
let desk = {} as Made
let phone: SipPhone
beforeAll(async () => {
  await setProgramStage(7330, '733')
}, 120_000)
afterAll(async () => {
  for (const one of phones) one.close()
  await stage?.close()
})

const calls = () => stage.network.control.world().calls
const levels = (sid: string) => calls().find(one => one.sid === sid)?.levels ?? { says: 0, hears: 0 }
const ready = () =>
  until(async () => {
    const domain = await program<CarrierPhonesShown>('GET', '/v1.0/carrier_phones')
    expect(domain).toMatchObject({ enabled: true, status: 'ready', problem: null })
    return domain
  })

async function open(user: string, domain: string, password: string): Promise<SipPhone> {
  const made = await SipPhone.open(stage.network.sipPort ?? 0, { user, domain, password })
  phones.push(made)
  return made
}

/** The call of a phone that dials, as the network has it. It goes on while the test looks. */
async function dials(from: SipPhone, to: string) {
  const before = calls().length
  const dialled = from.dial(to)
  const sid = await until(() => {
    const found = calls()
      .slice(before)
      .find(one => one.direction === 'inbound')
    expect(found).toBeDefined()
    return found?.sid ?? ''
  })
  return { sid, dialled }
}

test('the domain is made at the carrier, an extension is let in there, and its phone registers with the secret that was shown once', async () => {
  await program('PUT', '/v1.0/carrier_phones', { enabled: true })
  desk = await program<Made>('POST', '/v1.0/extensions', { extension: '101', name: 'Reception', at_carrier: true })
  const { domain_name } = await ready()
  expect(desk).toMatchObject({ username: '101', at_carrier: true, carrier_domain_name: domain_name })
  phone = await open('101', domain_name ?? '', desk.password)
  expect((await phone.register()).status).toBe(200)
  const wrong = await open('101', domain_name ?? '', 'K7wrongwrongwrongwrong2')
  expect((await wrong.register()).status).toBe(403)
}, 60_000)

test('a person calls a number that leads to the extension; the phone shows who calls, and both hear each other', async () => {
  await program('PUT', `/v1.0/numbers/${encodeURIComponent(MAIN)}`, { extension_id: desk.id })
  const since = phone.got.length
  const sid = caller(SPEAKS)
  const invite = await phone.next('INVITE', since)
  const from = calls().find(one => one.sid === sid)?.from ?? '?'
  expect(invite.headers.find(([name]) => name === 'From')?.[1]).toContain(from)
  phone.reply(invite, 180)
  phone.reply(invite, 200)
  await phone.next('ACK', since)
  const quiet = phone.talk(440)
  await until(() => expect(phone.loudness).toBeGreaterThan(SPEECH))
  await until(() => expect(levels(sid).hears).toBeGreaterThan(SPEECH))
  quiet()
  phone.back(invite, 'BYE')
  await ended(sid)
  await until(async () => {
    const { items } = await program<{ items: VoiceCallRow[] }>('GET', '/v1.0/calls')
    expect(items[0]).toMatchObject({ direction: 'incoming', status: 'hangup', hangup_reason: 'normal' })
  })
}, 90_000)
