/** The contract of a carrier without a call: documents, tokens, and the messages of streams. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Instruction, Instructions } from '../../src/core/instruction/instruction.ts'
import { base64FromBytes } from '../../src/sound/base64.ts'
import { CARRIERS } from './telephony/carriers.ts'
import { type Stage, WORKSPACE } from './telephony/stage.ts'

const CALL = `${WORKSPACE}.call_9`
const ROOM = `${WORKSPACE}.d_ada.3`

/** Every kind of instruction, with what its document must name. A kind without a row does not compile. */
const SHOWN: { [K in Instruction['kind']]: [Extract<Instruction, { kind: K }>, string[]] } = {
  wait: [{ kind: 'wait', ms: 7_000 }, ['7']],
  answer: [{ kind: 'answer' }, []],
  say: [{ kind: 'say', text: 'Good day', language: 'de-DE' }, ['Good day', 'de-DE']],
  play: [{ kind: 'play', urls: ['https://sounds.test/hold.wav'], forever: true }, ['https://sounds.test/hold.wav']],
  gather: [
    {
      kind: 'gather',
      digits: { most: 4, endKey: '#' },
      speech: { language: 'en-GB' },
      untilMs: 6_000,
      token: 'menu-2',
      prompt: [{ kind: 'say', text: 'Press a key' }],
    },
    ['Press a key', 'menu-2', 'en-GB', CALL],
  ],
  digits: [{ kind: 'digits', digits: '42', toneMs: 200, gapMs: 0 }, ['42']],
  record: [
    { kind: 'record', atMostMs: 90_000, silenceMs: 5_000, beep: true, token: 'voicemail-1' },
    ['voicemail-1', CALL],
  ],
  'join-room': [{ kind: 'join-room', room: ROOM, callId: CALL, role: 'agent' }, [ROOM, `agent`, CALL]],
  enqueue: [{ kind: 'enqueue', queue: 'support', callId: CALL }, ['support', CALL]],
  dial: [
    {
      kind: 'dial',
      parties: [
        { kind: 'number', number: '+12025550101' },
        { kind: 'desk', deskId: `${WORKSPACE}.d_ada`, callId: CALL },
        { kind: 'sip', uri: 'sip:ada@pbx.test' },
      ],
      from: '+14155550000',
      ringMs: 25_000,
      record: true,
    },
    ['+12025550101', 'agent_ada', 'sip:ada@pbx.test', '+14155550000', CALL],
  ],
  stream: [{ kind: 'stream', to: 'agent', stream: 3, driver: 'stream', language: 'en-US' }, [CALL]],
  transcribe: [{ kind: 'transcribe', of: { sides: 'both', language: 'de-DE' } }, ['both', 'de-DE', CALL]],
  refer: [{ kind: 'refer', to: 'sip:ada@pbx.test' }, ['sip:ada@pbx.test']],
  reject: [{ kind: 'reject', reason: 'busy' }, ['busy']],
  'hang-up': [{ kind: 'hang-up' }, []],
  continue: [{ kind: 'continue', token: 'flow-5' }, ['flow-5', CALL]],
}
const KINDS = Object.keys(SHOWN) as Instruction['kind'][]

describe.each(CARRIERS)('%s', (name, open) => {
  let stage: Stage
  beforeEach(async () => {
    stage = await open()
  })
  afterEach(() => stage.stop())
  const bodyOf = async (instructions: Instructions, callId = CALL) =>
    (await stage.carrier.door.document(stage.account, callId, instructions)).body

  describe('a document', () => {
    test.each(KINDS)('has the instruction %s with all that it names', async kind => {
      const [instruction, names] = SHOWN[kind]
      const body = await bodyOf([instruction])
      expect(names.filter(named => !body.includes(named))).toEqual([])
    })

    test('differs with every kind', async () => {
      const bodies = await Promise.all(KINDS.map(kind => bodyOf([SHOWN[kind][0]])))
      expect(new Set(bodies).size).toBe(KINDS.length)
    })

    test('has all instructions in their order, and texts that cannot break it', async () => {
      const evil = '</Say>"]}<Hangup/>'
      const body = await bodyOf([
        { kind: 'say', text: 'first' },
        { kind: 'say', text: evil },
        { kind: 'say', text: 'last' },
      ])
      expect(body.indexOf('first')).toBeLessThan(body.indexOf('last'))
      expect(body).not.toContain(evil)
      expect(await bodyOf([{ kind: 'say', text: evil }, { kind: 'hang-up' }])).not.toContain(evil)
    })

    test('is the same when it is asked for again, and names the call that it is for', async () => {
      const instructions: Instructions = [SHOWN.stream[0], SHOWN.continue[0]]
      expect(await bodyOf(instructions)).toBe(await bodyOf(instructions))
      expect(await bodyOf(instructions, `${WORKSPACE}.call_8`)).not.toBe(await bodyOf(instructions))
    })

    test('says whether a stream carries sound or words', async () => {
      const words = { ...SHOWN.stream[0], driver: 'relay' as const }
      expect(await bodyOf([words])).not.toBe(await bodyOf([SHOWN.stream[0]]))
    })
  })

  describe('a token', () => {
    test('of a stream stands in its document, and is good for that stream, call and account only', async () => {
      const { telephony } = stage
      const token = await telephony.streamToken(CALL, 3)
      expect(await bodyOf([SHOWN.stream[0]])).toContain(`${CALL}/${token}`)
      expect(await telephony.streamToken(CALL, 3)).toBe(token)
      expect(await telephony.streamToken(CALL, 4)).not.toBe(token)
      expect(await telephony.streamToken(`${WORKSPACE}.call_8`, 3)).not.toBe(token)
      const secret = 'secret' in stage.account ? { secret: 'another' } : { authToken: 'another' }
      const other = stage.carrier.telephony({ ...stage.account, ...secret })
      expect(await other.streamToken(CALL, 3)).not.toBe(token)
    })

    test('of a browser phone is for one identity, and there is none without the account’s key', async () => {
      const { phones } = stage.carrier
      if (phones === null) throw new Error(`${name} has browser phones`)
      const grants = { incoming: true, outgoing: true }
      const ada = await phones.token(stage.account, { ...grants, identity: 'agent_ada' })
      expect(ada).not.toBe(await phones.token(stage.account, { ...grants, identity: 'agent_bob' }))
      const keyless = 'secret' in stage.account ? { secret: '' } : { apiKeySid: '' }
      expect(await phones.token({ ...stage.account, ...keyless }, { ...grants, identity: 'agent_ada' })).toBeNull()
      expect(phones.ttlS).toBeGreaterThan(60)
    })
  })

  describe('a stream', () => {
    test('is opened by the carrier’s signature only', async () => {
      const path = `/media/${CALL}/token`
      const { door } = stage.carrier
      expect(await door.isSignedUpgrade(stage.account, path, () => null)).toBe(false)
      expect(await door.isSignedUpgrade(stage.account, path, () => 'forged')).toBe(false)
      const signature = await stage.signUpgrade(path)
      expect(await door.isSignedUpgrade(stage.account, path, () => signature)).toBe(true)
      expect(await door.isSignedUpgrade(stage.account, `${path}x`, () => signature)).toBe(false)
    })

    test('of sound begins with its ids, and its frames are read cheaply and whole alike', () => {
      const { media } = stage.carrier
      const { start, sound, mark, key, stop } = stage.stream
      expect(media.readMessage(start)).toMatchObject({
        type: 'start',
        streamId: 's1',
        providerId: 'sc_1',
        trouble: null,
      })
      const payload = base64FromBytes(new Uint8Array(160).fill(0x7f))
      expect(media.cheapPayload(sound(payload))).toBe(payload)
      expect(media.readMessage(sound(payload))).toMatchObject({ type: 'media', payload })
      const cut = sound(payload).slice(0, -1)
      for (const other of [start, mark, key, stop, cut, '', '{']) expect(media.cheapPayload(other)).toBeNull()
      expect(media.readMessage(mark)).toEqual({ type: 'mark', name: 'm1' })
      expect(media.readMessage(key)).toEqual({ type: 'dtmf', digit: '5' })
      expect(media.readMessage(stop)).toEqual({ type: 'stop' })
      for (const odd of ['', '{', 'null', '[]', '{}']) expect(media.readMessage(odd).type).toBe('odd')
    })

    test('takes our sound, marks and clears as one message each', () => {
      const { media } = stage.carrier
      const mulaw = new Uint8Array(800).fill(0x55)
      const sent = [
        media.encode('s1', { type: 'audio', mulaw }),
        media.encode('s1', { type: 'mark', name: 'm1', text: 'Good day' }),
        media.encode('s1', { type: 'clear' }),
      ]
      for (const one of sent) expect(() => JSON.parse(one)).not.toThrow()
      expect(sent[0]).toContain(base64FromBytes(mulaw))
      expect(sent[1]).toContain('m1')
      expect(new Set(sent).size).toBe(3)
    })

    test('of words tells what was heard, played and interrupted', () => {
      const { relay } = stage.carrier
      const { setup, prompt, interrupted, played } = stage.relay
      expect(relay.readMessage(setup)).toEqual({ type: 'setup', providerId: 'sc_1' })
      expect(relay.readMessage(prompt)).toEqual({ type: 'prompt', text: 'Good day', last: true })
      expect(relay.readMessage(interrupted)).toEqual({ type: 'interrupt', heard: 'I was' })
      expect(relay.readMessage(played)).toEqual({ type: 'played', text: 'I was saying' })
      for (const odd of ['', '{', 'null', '[]', '{}']) expect(relay.readMessage(odd).type).toBe('odd')
      expect(relay.say('Good day')).toContain('Good day')
    })
  })
})
