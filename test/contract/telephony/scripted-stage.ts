import type { ScriptedAccount } from '../../../src/providers/telephony/port.ts'
import { accountUrl, scriptedBase } from '../../../src/providers/telephony/scripted/callback-urls.ts'
import { scriptedCarrier } from '../../../src/providers/telephony/scripted/carrier.ts'
import { ScriptedTelephony } from '../../../src/providers/telephony/scripted/client.ts'
import { deliver } from '../../../src/providers/telephony/scripted/delivery.ts'
import { ScriptedNetwork } from '../../../src/providers/telephony/scripted/network.ts'
import { signatureOf } from '../../../src/providers/telephony/scripted/webhooks.ts'
import { Program } from './program.ts'
import { OURS, type Stage, WORKSPACE } from './stage.ts'

const STEP_MS = 100
const PATIENCE_MS = 60_000

export async function scriptedStage(): Promise<Stage<ScriptedAccount>> {
  const publicUrl = 'https://calls.example.test'
  const account: ScriptedAccount = {
    provider: 'scripted',
    workspaceId: WORKSPACE,
    publicUrl,
    callsPerSecond: 4,
    secret: 'the scripted secret',
  }
  let nowMs = Date.UTC(2026, 0, 5, 17)
  const network = new ScriptedNetwork()
  const program = new Program(account, scriptedBase(WORKSPACE), scriptedCarrier.door)
  const settle = () =>
    deliver(network, account, (url, headers, body) =>
      program.take(url.slice(publicUrl.length), name => headers[name] ?? null, body),
    )
  const machines = new Set<string>()
  const callTo = (number: string) => network.newestOf(number) ?? 'none'
  return {
    account,
    carrier: scriptedCarrier,
    telephony: new ScriptedTelephony(account, network, () => nowMs),
    program,
    nowMs: () => nowMs,
    person(number, kind = 'person') {
      network.person(number, { does: 'rings' })
      if (kind === 'machine') machines.add(number)
    },
    speaker(number) {
      network.person(number, { does: 'answers', afterMs: STEP_MS, talksMs: null })
    },
    async speaks(number) {
      network.leaveMessage(callTo(number), 2, nowMs)
      await settle()
    },
    async pickUp(number) {
      network.answer(callTo(number), nowMs)
      network.judge(callTo(number), machines.has(number) ? 'machine' : 'person', nowMs)
      await settle()
    },
    async hangUp(number) {
      network.hangUp(callTo(number), nowMs)
      await settle()
    },
    async bring(from) {
      network.bring(from, OURS, accountUrl(account), nowMs)
      await settle()
    },
    trouble(on, what) {
      const operation = on === 'create' ? 'create' : 'end'
      if (what === 'throttled') network.fail(operation, { answer: 'slow-down', waitMs: 3_000 })
      else if (what === 'lost') network.fail(operation, { answer: 'none', performed: true })
      else network.fail(operation, { answer: 'refused', code: 2 })
      return what === 'throttled' ? 3_000 : 2
    },
    hearers: providerId => network.heardBy(providerId),
    creates: () => network.requests.filter(one => one === 'create').length,
    async until(fits) {
      for (const end = nowMs + PATIENCE_MS; nowMs < end; nowMs += STEP_MS) {
        network.pass(nowMs)
        await settle()
        const found = program.heard.map(({ event }) => event).find(fits)
        if (found) return found
      }
      throw new Error(`not heard: ${JSON.stringify(program.heard.map(({ event }) => event.kind))}`)
    },
    signUpgrade: path => signatureOf(account, `${publicUrl}${path}`, ''),
    stream: {
      start: '["begin","s1","sc_1","mulaw-8000"]',
      sound: payload => `["sound","${payload}"]`,
      mark: '["played","m1"]',
      key: '["key","5"]',
      stop: '["end"]',
    },
    relay: {
      setup: '["begin","s1","sc_1"]',
      prompt: '["heard","Good day","final"]',
      interrupted: '["interrupted","I was"]',
      played: '["played","I was saying"]',
    },
    async stop() {
      network.unsent.length = 0
    },
  }
}
