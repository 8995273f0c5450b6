/** A caller who shows no number: shown so everywhere, and promised nothing that needs a number. */
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { type CallActions, CallControl } from '../../src/actors/call/voice/call-control.ts'
import { neighboursOf } from '../../src/actors/neighbours.ts'
import { logOf, stubFor } from '../../src/actors/stubs.ts'
import { aiAgentBody } from '../../src/wire/ai-agent.ts'
import { listedWith, openWorkspace, ruleFor, stranger } from './gate-stage.ts'
import { deskWithLine, say } from './sitting.ts'
import { bindings, carrier, plainStage, signed, until } from './stage.ts'

const OURS = '+14155550061'

beforeAll(openWorkspace)
beforeEach(async () => {
  await carrier.reset()
})

async function rings(callSid: string, from: string | undefined): Promise<string> {
  const answer = await signed('/twilio/w_test/inbound', {
    CallSid: callSid,
    AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
    ...(from === undefined ? {} : { From: from }),
    To: OURS,
    CallStatus: 'ringing',
  })
  expect(answer.status).toBe(200)
  return answer.text()
}

test.each([['+266696687'], ['anonymous'], ['Restricted'], [''], [undefined]])(
  'a caller who comes as %s has no number, no contact and nothing that is listed [C4] [C1]',
  async from => {
    const callSid = `CAwithheld${String(from).replace(/\W/g, '')}`
    const deskId = `w_test.d_${callSid}`
    const { desk } = await deskWithLine(plainStage, deskId)
    await stubFor(bindings, 'trunk', 'w_test').saveNumber({
      number: OURS,
      name: '',
      deskId,
      inFlightCap: 9,
      cooldownMs: 0,
    })
    await stubFor(bindings, 'trunk', 'w_test').routeOf(OURS, 'CA-before')
    // The phone that rings shows the number that was called.
    expect(await rings(callSid, from)).toContain(`callerId="${OURS}"`)
    await until(async () =>
      expect((await desk.view())?.inbound).toMatchObject({ from: '', fromShown: 'Withheld number', contact: null }),
    )
    const callId = (await desk.view())?.inbound?.callId ?? ''
    await until(async () =>
      expect(await logOf(bindings, 'w_test').byProviderId(callSid)).toMatchObject({
        number: '',
        name: 'Withheld number',
        contactId: null,
      }),
    )
    await desk.command(say({ type: 'inbound.accept', callId }))
    await desk.deliver({ type: 'inbound.answered', at: Date.now(), callId }, `${callId}-answered`)
    await until(async () => expect((await desk.view())?.conversation?.callId).toBe(callId))
    expect(await desk.command(say({ type: 'call.do-not-call', callId }))).toMatchObject({
      type: 'refused',
      reason: 'number-withheld',
    })
  },
)

test('a key of a message does not promise a withheld caller that they are off the list [C4] [C1]', async () => {
  const press = async (From: string, Direction: string) =>
    (
      await signed('/twilio/w_test/batches/w_test.c_hid.b1/legs/w_test.c_hid.b1.1/answer?step=opt-out', {
        CallSid: 'CAhid',
        AccountSid: bindings.TWILIO_ACCOUNT_SID ?? '',
        Direction,
        From,
        To: OURS,
        Digits: '9',
      })
    ).text()
  expect(await press('+266696687', 'inbound')).toContain('Your number is withheld')
  expect(await press('', 'inbound')).toContain('Your number is withheld')
  expect(await listedWith('+266696687')).toEqual([])
})

function onCallWith(otherNumber: string) {
  const body = aiAgentBody.parse({ name: 'Robin', prompt: 'Speak.', tools: ['book_callback'] })
  const control = new CallControl(neighboursOf(bindings), 'w_test.call_hid', body, { otherNumber } as CallActions)
  return (name: string, input: object) => control.perform({ name, input: { reason: '', note: '', ...input } } as never)
}

test('the AI agent asks a withheld caller for the number, and lists the one that they say [C4] [C1]', async () => {
  const run = onCallWith('')
  expect(await run('opt_out', {})).toMatchObject({ error: expect.stringContaining('ask for their number') })
  expect(await run('opt_out', { phone: 'twelve' })).toMatchObject({ error: expect.stringContaining('again') })
  const number = stranger()
  expect(await run('opt_out', { phone: number.slice(2) })).toMatchObject({ result: expect.any(String) })
  expect(await ruleFor(number)).toBe('do-not-call')
  expect(await listedWith(number)).toMatchObject([{ note: 'said by a caller who showed no number' }])
  expect(await run('book_callback', { when: 'tomorrow' })).toMatchObject({ error: expect.stringContaining('number') })
  expect(await run('book_callback', { when: 'tomorrow', note: 'on 415 555 0100' })).toMatchObject({ result: 'noted' })
})

test('a caller who shows a number has that one listed, whatever number they say [C1]', async () => {
  const [caller, other] = [stranger(), stranger()]
  await onCallWith(caller)('opt_out', { phone: other })
  expect([await ruleFor(caller), await ruleFor(other)]).toEqual(['do-not-call', null])
})
