#!/usr/bin/env node
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { CRM_PORT } from './crm/crm-server.ts'
import { readLoad, runLoad } from './load.ts'
import { CPS, type PhoneNetwork, PORT, SEED, SIP_PORT } from './phone-network.ts'
import { environmentOf } from './program-environment.ts'
import { SPEECH_PORT } from './speech/speech-server.ts'
import { readTunnel } from './webhooks/tunnels.ts'
import { startWholeNetwork } from './whole-network.ts'

/** The command line: `npx phone-network --app http://127.0.0.1:3000`. */

const USAGE = `phone-network: Twilio's phone network on this machine, with people who answer.

  phone-network [options] [-- program arguments…]

A program after -- is started with the account in its environment and takes this network for Twilio.

  --app URL              base URL of your program                          (http://127.0.0.1:3000)
  --number +14155550000  one of your numbers (repeatable)
  --number-voice-url URL where calls to your numbers ask for TwiML         (APP/voice)
  --app-voice-url URL    where calls from browsers ask for TwiML           (APP/voice)
  --number-sms-url URL   where texts to your numbers go                     (nowhere)
  --status-url URL       where the status of calls to your numbers is told (nowhere)
  --tunnel PUBLIC=LOCAL  https://demo.example.test=http://127.0.0.1:3000 (repeatable)
  --port 5070            where it listens, on 127.0.0.1; the next free port when busy
  --tls-port 5071        the same over https and wss, for programs that reach Twilio by its host names
  --speech-port 5072     look-alikes of Deepgram and OpenAI
  --crm-port 5073        look-alike of Salesforce
  --sip-port 5060        SIP over UDP and TCP, for phones on this machine
  --seed 7               the same seed gives the same account and the same SIDs
  --cps 4                API-created calls that may start in one second
  --load calls=200,cps=20,talk=10  people call the first number, then the sum is printed and the network ends
  --openai               a program after -- gets the speech services for api.openai.com, without a key
  --trace FILE           every entry of the log as a line of JSON
  --quiet                print only the address
`

const DEMO_NUMBER = '+14155550000'

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: String(PORT) },
      'tls-port': { type: 'string', default: String(PORT + 1) },
      'speech-port': { type: 'string', default: String(SPEECH_PORT) },
      'crm-port': { type: 'string', default: String(CRM_PORT) },
      'sip-port': { type: 'string', default: String(SIP_PORT) },
      seed: { type: 'string', default: String(SEED) },
      cps: { type: 'string', default: String(CPS) },
      app: { type: 'string', default: 'http://127.0.0.1:3000' },
      number: { type: 'string', multiple: true, default: [DEMO_NUMBER] },
      'number-voice-url': { type: 'string' },
      'number-sms-url': { type: 'string' },
      'app-voice-url': { type: 'string' },
      'status-url': { type: 'string' },
      tunnel: { type: 'string', multiple: true, default: [] },
      openai: { type: 'boolean', default: false },
      load: { type: 'string' },
      trace: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, program: positionals }
}

type Arguments = ReturnType<typeof readArguments>

function wholeOf(text: string, name: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} must be a whole number, not ${text}`)
  return number
}

function start(given: Arguments): Promise<PhoneNetwork> {
  const voiceUrl = `${given.app.replace(/\/$/, '')}/voice`
  const statusUrl = given['status-url']
  const smsUrl = given['number-sms-url']
  const status = {
    ...(statusUrl === undefined ? {} : { statusCallback: statusUrl }),
    ...(smsUrl === undefined ? {} : { smsUrl }),
  }
  return startWholeNetwork({
    port: wholeOf(given.port, 'port'),
    tlsPort: wholeOf(given['tls-port'], 'tls-port'),
    speechPort: wholeOf(given['speech-port'], 'speech-port'),
    crmPort: wholeOf(given['crm-port'], 'crm-port'),
    sipPort: wholeOf(given['sip-port'], 'sip-port'),
    seed: wholeOf(given.seed, 'seed'),
    cps: wholeOf(given.cps, 'cps'),
    account: { voiceUrl: given['app-voice-url'] ?? voiceUrl },
    numbers: given.number.map(number => ({ number, voiceUrl: given['number-voice-url'] ?? voiceUrl, ...status })),
    tunnels: Object.fromEntries(given.tunnel.map(readTunnel)),
  })
}

function introduce(network: PhoneNetwork, { quiet, number }: Arguments): void {
  const { account } = network
  console.log(`phone network: ${network.url}`)
  if (quiet) return
  console.log(`  over TLS     https://127.0.0.1:${network.tlsPort}`)
  console.log(`  speech       ${network.speechUrl}`)
  console.log(`  CRM          ${network.crm?.url}`)
  console.log(`  SIP          127.0.0.1:${network.sipPort}`)
  console.log(`  account      ${account.accountSid}`)
  console.log(`  auth token   ${account.authToken}`)
  console.log(`  API key      ${account.apiKeySid}`)
  console.log(`  API secret   ${account.apiKeySecret}`)
  console.log(`  TwiML App    ${account.twimlAppSid}`)
  console.log(`  our numbers  ${number.join(', ')}`)
  console.log(`  the page     ${network.url}/`)
  console.log(`  the world    ${network.url}/_/world`)
}

/** Starts the user's program with its output on this terminal, as if it had been started alone. */
function startProgram(network: PhoneNetwork, { program, openai }: Arguments): ChildProcess {
  const [command = '', ...args] = program
  const env = { ...process.env, ...environmentOf(network, process.env.NODE_OPTIONS, openai) }
  return spawn(command, args, { stdio: 'inherit', env })
}

async function main(): Promise<void> {
  const given = readArguments()
  if (given.help) {
    console.log(USAGE)
    return
  }
  const load = given.load === undefined ? null : readLoad(given.load)
  const network = await start(given)
  introduce(network, given)
  const program = given.program.length > 0 ? startProgram(network, given) : null
  const stop = (code: number): void => {
    program?.kill('SIGTERM')
    network.close().then(
      () => process.exit(code),
      () => process.exit(1),
    )
  }
  if (given.trace !== undefined) {
    const trace = createWriteStream(given.trace, { flags: 'a' })
    network.control.subscribe(entry => trace.write(`${JSON.stringify(entry)}\n`))
  }
  process.once('SIGINT', () => stop(0))
  process.once('SIGTERM', () => stop(0))
  program?.once('error', error => {
    console.error(`cannot start ${given.program[0]}: ${error.message}`)
    stop(1)
  })
  program?.once('exit', code => stop(code ?? 1))
  if (load !== null) {
    console.log(JSON.stringify(await runLoad(network, given.number[0] ?? DEMO_NUMBER, load)))
    stop(0)
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
