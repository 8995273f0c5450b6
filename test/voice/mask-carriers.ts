/** The two carriers on which a mask works, as the story of seed 000 needs them: two people, what each hears and what their phones show. */
import { expect } from 'vitest'
import { type EightServer, startEightByEight } from '../../packages/phone-network/src/eight-by-eight/server.ts'
import { call, signIn } from '../../scripts/local/demo.ts'
import { ended, log, MAIN, said, stage, until } from './program-stage.ts'

export interface MaskCarrier {
  /** of the mask */
  number: string
  /** somebody dials the mask; the call is known by what comes back */
  dials(from: string): string
  heard(call: string): readonly (string | undefined)[]
  /** what the second phone was rung with; null: none was */
  rung(call: string): { to: string; from: string } | null
  /** both hear each other, as far as this carrier's sound can be heard here */
  talks(call: string): Promise<void>
  hangsUp(call: string): void
  ended(call: string): Promise<void>
  /** all that the network has sent to the second phone */
  toSecond(call: string): unknown[]
  close(): Promise<void>
}

/** Loudness of somebody who speaks, 0…1. */
const SPEECH = 0.02
const SPEAKS = {
  kind: 'human' as const,
  acts: Array(20)
    .fill([{ say: 'I am at the corner.' }, { pauseMs: 700 }])
    .flat(),
}

export async function onTwilio(): Promise<MaskCarrier> {
  const calls = () => stage.network.control.world().calls
  const second = (sid: string) => calls().find(one => one.parentSid === sid)
  const hears = (sid: string) => calls().find(one => one.sid === sid)?.levels?.hears ?? 0
  return {
    number: MAIN,
    dials: from => stage.network.control.dial(from, MAIN, SPEAKS),
    heard: said,
    rung(sid) {
      const found = second(sid)
      return found === undefined ? null : { to: found.to, from: found.from }
    },
    async talks(sid) {
      await until(() => expect(hears(second(sid)?.sid ?? '')).toBeGreaterThan(SPEECH))
      await until(() => expect(hears(sid)).toBeGreaterThan(SPEECH))
    },
    hangsUp: sid => stage.network.control.hangUpCall(sid),
    ended,
    toSecond: sid => log().filter(entry => entry.callSid === second(sid)?.sid),
    close: async () => undefined,
  }
}

/** The platform posts to the program as its documents say; its webhooks are registered by its REST, with a key of the workspace. */
export async function on8x8(): Promise<MaskCarrier> {
  const number = '+6531234567'
  const eight: EightServer = await startEightByEight({ numbers: [number], msPerCharacter: 5 })
  const { platform } = eight
  const asked = { name: '8x8', scopes: ['masks:carrier'] }
  const root = await signIn(stage.url, 'root')
  const { key } = await call<{ key: string }>(stage.url, root, 'POST', '/api/keys', asked)
  // Calls to another country are allowed by setting only.
  const rules = await call<{ countries: string[] }>(stage.url, root, 'GET', '/api/clearance/rules')
  await call(stage.url, root, 'PUT', '/api/clearance/rules', { ...rules, countries: [...rules.countries, 'SG'] })
  for (const type of ['VCA', 'VCS', 'VSS']) {
    const url = `${stage.url}/api/webhooks/${type.toLowerCase()}`
    const answer = await fetch(`${eight.url}/api/v1/subaccounts/${platform.subAccountId}/webhooks`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${platform.apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ type, url, httpAuthHeader: `Bearer ${key}` }),
    })
    if (!answer.ok) throw new Error(`the webhook ${type} was refused`)
  }
  const sessionOf = (id: string) => platform.session(id)
  return {
    number,
    dials: from => platform.call(from, number),
    heard: id => sessionOf(id).heard,
    rung(id) {
      const { b } = sessionOf(id)
      return b === null ? null : { to: b.destination, from: b.source }
    },
    async talks(id) {
      await until(() => expect(sessionOf(id).doing.is).toBe('talking'))
      expect(sessionOf(id).b?.connectedMs).not.toBeNull()
    },
    hangsUp: id => platform.hangUp(id, 'a'),
    async ended(id) {
      await until(() => expect(sessionOf(id).doing.is).toBe('over'))
      await platform.settled(id)
      const answers = platform.sent.filter(one => one.body.payload.sessionId === id)
      expect(new Set(answers.map(one => `${one.type} ${one.status}`))).toEqual(
        new Set(['VCA 200', 'VCS 200', 'VSS 200']),
      )
      expect(sessionOf(id).error).toBeNull()
    },
    // A phone is told of its own leg alone.
    toSecond: id => [sessionOf(id).b].filter(leg => leg !== null),
    close: () => eight.close(),
  }
}
