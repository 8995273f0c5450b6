import { expect, test } from 'vitest'
import { seededRandom } from '../engine/random.ts'
import { SipPhone } from '../testing/sip-phone.ts'
import { DOMAIN, PASSWORD, startSipStage } from '../testing/sip-stage.ts'
import { requestOf, writeMessage } from './message.ts'

/** Messages that were torn, doubled and mixed on their way: nothing of them ends the network, and its phones go on. */

const SEEDS = [1, 2, 3, 4]
const MESSAGES = 400
const METHODS = ['INVITE', 'REGISTER', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'INFO', 'UPDATE', 'REFER', 'SUBSCRIBE', 'x']
const WORDS = [
  '',
  '\r\n',
  '\0',
  '<',
  '>',
  '"',
  ',',
  ';tag=',
  ':',
  'sip:',
  '%',
  '*',
  '99999999999',
  'é',
  ' '.repeat(300),
]

function message(random: ReturnType<typeof seededRandom>, phone: SipPhone): Buffer {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const method = pick(METHODS)
  const uri = pick([`sip:100@${DOMAIN}`, `sip:${DOMAIN}`, 'sip:a@127.0.0.1', 'tel:1', 'sips:x@y', ''])
  const own = `<sip:ada@${DOMAIN}>`
  const request = requestOf(
    method,
    uri,
    [
      phone.via(),
      ['From', `${own};tag=f${random.int(3)}`],
      ['To', pick([own, `${own};tag=t1`])],
      ['Call-ID', `fuzz-${random.int(5)}`],
      ['CSeq', `${random.int(4)} ${method}`],
      ['Contact', pick([phone.contact, '*', '<>', own])],
      ['Expires', pick(['0', '600', '-1', 'never'])],
      ['Authorization', pick(['Digest', 'Digest nonce="x", response="y"', 'Basic eA=='])],
      ['Content-Type', pick(['application/sdp', 'application/dtmf', 'x/y'])],
    ],
    pick(['', phone.describe(), 'v=0', 'Signal=']),
  )
  const text = writeMessage(request).toString('latin1')
  const at = random.int(text.length)
  const torn = text.slice(0, at) + pick(WORDS) + text.slice(at + random.int(9))
  return Buffer.from(random.int(3) === 0 ? text : torn, 'latin1')
}

test.each(SEEDS)('seed %i', async seed => {
  const stage = await startSipStage()
  const random = seededRandom(`sip ${seed}`)
  const udp = await stage.phone('ada')
  for (let sent = 0; sent < MESSAGES; sent += 1) {
    // A stream that was torn is closed, so each torn message has a connection of its own.
    const bytes = message(random, udp)
    udp.raw(bytes.toString('latin1'))
    if (sent % 10 !== 0) continue
    const tcp = await SipPhone.open(stage.network.sipPort ?? 0, {
      user: 'ada',
      domain: DOMAIN,
      password: PASSWORD,
      transport: 'TCP',
    })
    tcp.raw(bytes.toString('latin1'))
    tcp.close()
  }
  stage.app.pages.set('/voice', '<Response><Pause length="1"/><Say>Hello</Say><Pause length="60"/></Response>')
  const bo = await stage.phone('bo')
  expect((await bo.register()).status).toBe(200)
  expect((await bo.dial('100')).response.status).toBe(200)
  expect(udp.got.filter(one => one.status >= 500 && one.status !== 503).map(one => one.reason)).toEqual([])
  await stage.stop()
})
