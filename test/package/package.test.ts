/**
 * `@trunkline/phone-network` as a stranger uses it: the packed tarball in an empty folder, an unmodified program of
 * express and twilio, calls in both directions, and the `./testing` export. Everything listens on 127.0.0.1.
 */

import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Installed, install, Running, run } from './installed.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ANY_PORT = ['--port', '0', '--tls-port', '0', '--speech-port', '0', '--crm-port', '0', '--sip-port', '0']
/** The tarball was 270 kB when this was written; recordings, models and voices come with the dependencies. */
const TARBALL_BYTES_MAX = 400_000

interface Entry {
  kind: string
  callSid?: string
  text?: string
  status?: string
  code?: number
}

let installed: Installed | null = null
let why = ''
const running: Running[] = []

beforeAll(async () => {
  const result = await install()
  if (typeof result === 'string') {
    why = result
    console.warn(`the package cannot be installed here, so it is not tried: ${why}`)
  } else installed = result
}, 400_000)

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
})
afterAll(() => installed?.remove())

function start(command: string, args: string[], env: Record<string, string> = {}): Running {
  const one = new Running(command, args, installed?.folder ?? '', env)
  running.push(one)
  return one
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Waits for the end of one call and returns its entries in the network's log. */
async function story(network: string, callSid: string): Promise<Entry[]> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { entries } = (await (await fetch(`${network}/_/log`)).json()) as { entries: Entry[] }
    const own = entries.filter(entry => entry.callSid === callSid)
    if (own.some(entry => entry.kind === 'call-ended')) return own
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${callSid} did not end`)
}

const saidIn = (entries: Entry[]) => entries.filter(entry => entry.kind === 'network-said').map(({ text }) => text)

async function post(url: string, body: string | URLSearchParams): Promise<Record<string, string>> {
  const answer = await fetch(url, { method: 'POST', body })
  expect(answer.status, await answer.clone().text()).toBeLessThan(300)
  return (await answer.json()) as Record<string, string>
}

test('npx phone-network: a person calls an ordinary program, and the program calls a person', async context => {
  context.skip(installed === null, why)
  const port = await freePort()
  const network = start('npx', ['--no-install', 'phone-network', '--app', `http://127.0.0.1:${port}`, ...ANY_PORT])
  const url = await network.printed(/phone network: (http\S+)/)
  const tls = await network.printed(/over TLS +https:\/\/(\S+)/)
  const program = start(process.execPath, ['program.js'], {
    PORT: String(port),
    TWILIO_ACCOUNT_SID: await network.printed(/account +(AC\w+)/),
    TWILIO_AUTH_TOKEN: await network.printed(/auth token +(\w+)/),
    TWILIO_PHONE_NUMBER: '+14155550000',
    PHONE_NETWORK: tls,
    NODE_OPTIONS: '--require @trunkline/phone-network/redirect',
  })
  await program.printed(/program: (\d+)/)

  const script = { kind: 'human', acts: [{ listen: true }, { press: '4' }, { listen: true }] }
  const call = { from: '+14155551001', to: '+14155550000', script }
  const { callSid = '' } = await post(`${url}/_/dial`, JSON.stringify(call))
  const inbound = await story(url, callSid)
  expect(saidIn(inbound)).toEqual(['Welcome to the ordinary program. Press any key.', 'You pressed 4.'])
  expect(inbound.filter(entry => entry.kind === 'alert')).toEqual([])

  const to = '+15002000501'
  const created = await post(`http://127.0.0.1:${port}/call`, new URLSearchParams({ to }))
  expect(created).toMatchObject({ status: 'queued' })
  expect(saidIn(await story(url, created.sid ?? ''))).toEqual([`This call goes to ${to}.`])
}, 90_000)

test('phone-network -- program: one command starts both and ends both', async context => {
  context.skip(installed === null, why)
  const port = await freePort()
  const bin = path.join('node_modules', '@trunkline', 'phone-network', 'dist', 'main.js')
  const args = [bin, '--app', `http://127.0.0.1:${port}`, ...ANY_PORT, '--', process.execPath, 'program.js']
  const both = start(process.execPath, args, { PORT: String(port) })
  const url = await both.printed(/phone network: (http\S+)/)
  await both.printed(/program: (\d+)/)
  const { sid = '' } = await post(`http://127.0.0.1:${port}/call`, new URLSearchParams({ to: '+15002000501' }))
  expect(saidIn(await story(url, sid))).toEqual(['This call goes to +15002000501.'])
  await both.stop()
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  await expect(fetch(`${url}/_/world`)).rejects.toThrow()
}, 90_000)

test('./testing starts a network in one line', async context => {
  context.skip(installed === null, why)
  const { code, output } = await run(process.execPath, ['testing.js'], installed?.folder ?? '', 60_000)
  expect(output).toContain('testing: all well')
  expect(code).toBe(0)
}, 90_000)

test('the declarations of both exports stand by themselves', async context => {
  context.skip(installed === null, why)
  const folder = installed?.folder ?? ''
  writeFileSync(
    path.join(folder, 'consumer.ts'),
    `import { startPhoneNetwork as start, VirtualTime, type PhoneNetwork } from '@trunkline/phone-network'
import { startPhoneNetwork, type TestCall, type TestNetwork } from '@trunkline/phone-network/testing'

const network: TestNetwork = await startPhoneNetwork({ app: 'http://127.0.0.1:3000', seed: 7 })
const call: TestCall = network.call({ acts: [{ listen: true }, { press: '1' }] })
const status: string = (await call.ended()).status
network.people.add({ number: '+14155550100', kind: 'voicemail' })
await network.stop()
const whole: PhoneNetwork = await start({ time: new VirtualTime(), cps: 4 })
whole.control.addFault({ on: 'status', what: 'duplicate' })
export { status }
// @ts-expect-error there is no such kind of phone
network.people.add({ number: '+14155550101', kind: 'robot' })
`,
  )
  const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc')
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2023', '--module', 'nodenext']
  const { code, output } = await run(tsc, [...options, '--types', 'node', 'consumer.ts'], folder, 60_000)
  expect(output).toBe('')
  expect(code).toBe(0)
}, 90_000)

test('the tarball is small and holds no test', async context => {
  context.skip(installed === null, why)
  expect(installed?.tarballBytes).toBeLessThan(TARBALL_BYTES_MAX)
  const home = path.join(installed?.folder ?? '', 'node_modules', '@trunkline', 'phone-network')
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
  expect(files.length).toBeGreaterThan(200)
  expect(files.filter(file => /\.test\.|(?<!\.d)\.ts$/.test(file))).toEqual([])
}, 30_000)
