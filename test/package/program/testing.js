// The other export: a network in a test, with a program of a dozen lines beside it.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { startPhoneNetwork } from '@trunkline/phone-network/testing'

const PAGES = {
  '/voice': '<Response><Gather numDigits="1" action="/key"><Say>Press a key.</Say></Gather></Response>',
  '/key': '<Response><Say>Thank you.</Say></Response>',
}
const program = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/xml' }).end(PAGES[request.url])
})
await new Promise(resolve => program.listen(0, '127.0.0.1', resolve))

const network = await startPhoneNetwork({ app: `http://127.0.0.1:${program.address().port}`, seed: 7 })
const call = network.call()
await call.hears('Press a key')
call.press('5')
await call.hears(/thank/i)
const { status } = await call.ended()
assert.equal(status, 'completed')
assert.deepEqual(
  call.webhooks().map(webhook => new URL(webhook.url).pathname),
  ['/voice', '/key'],
)

// A person of our own, who is called over REST.
network.people.add({ number: '+14155557777', answerMs: 100, acts: [{ say: 'Ada speaking.' }] })
const { accountSid, authToken } = network.account
const form = new URLSearchParams({
  To: '+14155557777',
  From: network.number,
  Twiml: '<Response><Say>Hi</Say></Response>',
})
const created = await fetch(`${network.url}/2010-04-01/Accounts/${accountSid}/Calls.json`, {
  method: 'POST',
  headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
  body: form,
})
assert.equal(created.status, 201)
const outgoing = await network.nextCall()
assert.equal(outgoing.to, '+14155557777')
await outgoing.ended()
assert.deepEqual(outgoing.said(), ['Hi'])
assert.ok(network.log().some(entry => entry.kind === 'person-said' && entry.text === 'Ada speaking.'))

await network.stop()
program.close()
console.log('testing: all well')
