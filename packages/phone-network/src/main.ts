import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { CRM_PORT } from './crm/crm-server.ts'
import { readLoad, runLoad } from './load.ts'
import { CPS, PORT, SEED } from './phone-network.ts'
import { SPEECH_PORT } from './speech/speech-server.ts'
import { readTunnel } from './webhooks/tunnels.ts'
import { startWholeNetwork } from './whole-network.ts'

/** The command line: `npm run phone-network -- --port 5070 --seed 7 --cps 4 --app http://127.0.0.1:5050`. */

const USAGE = `The phone network in a box.

  --port 5070            where it listens, on 127.0.0.1; the next free port when busy
  --tls-port 5071        the same over https and wss, for programs that believe in Twilio's hosts
  --speech-port 5072     Deepgram's and OpenAI's look-alikes (packages/phone-network/src/speech/README.md)
  --crm-port 5073        Salesforce's look-alike (packages/phone-network/src/crm/README.md)
  --seed 7               same seed, same account and same SIDs
  --cps 4                API-created calls that may start in one second
  --app URL              the program's base URL; the three below are made from it
  --number +14155550000  one of our numbers (repeatable)
  --number-voice-url URL where inbound calls ask for TwiML  (APP/api/twilio/inbound)
  --app-voice-url URL    where browser calls ask for TwiML  (APP/api/twilio/voice)
  --status-url URL       status callback of inbound calls   (APP/api/twilio/status)
  --tunnel PUBLIC=LOCAL  https://demo.example.test=http://127.0.0.1:5050 (repeatable)
  --load calls=200,cps=20,talk=10  people call the first number, then the sum is printed and the network ends
  --trace FILE           every entry of the log as a line of JSON
  --quiet                print only the address
`

const DEMO_NUMBER = '+14155550000'

function readArguments() {
  return parseArgs({
    options: {
      port: { type: 'string', default: String(PORT) },
      'tls-port': { type: 'string', default: String(PORT + 1) },
      'speech-port': { type: 'string', default: String(SPEECH_PORT) },
      'crm-port': { type: 'string', default: String(CRM_PORT) },
      seed: { type: 'string', default: String(SEED) },
      cps: { type: 'string', default: String(CPS) },
      app: { type: 'string', default: 'http://127.0.0.1:5050' },
      number: { type: 'string', multiple: true, default: [DEMO_NUMBER] },
      'number-voice-url': { type: 'string' },
      'app-voice-url': { type: 'string' },
      'status-url': { type: 'string' },
      tunnel: { type: 'string', multiple: true, default: [] },
      load: { type: 'string' },
      trace: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values
}

function wholeOf(text: string, name: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} must be a whole number, not ${text}`)
  return number
}

async function main(): Promise<void> {
  const values = readArguments()
  if (values.help) {
    console.log(USAGE)
    return
  }
  const load = values.load === undefined ? null : readLoad(values.load)
  const app = values.app.replace(/\/$/, '')
  const statusUrl = values['status-url'] ?? `${app}/api/twilio/status`
  const voiceUrl = values['number-voice-url'] ?? `${app}/api/twilio/inbound`
  const network = await startWholeNetwork({
    port: wholeOf(values.port, 'port'),
    tlsPort: wholeOf(values['tls-port'], 'tls-port'),
    speechPort: wholeOf(values['speech-port'], 'speech-port'),
    crmPort: wholeOf(values['crm-port'], 'crm-port'),
    seed: wholeOf(values.seed, 'seed'),
    cps: wholeOf(values.cps, 'cps'),
    account: { voiceUrl: values['app-voice-url'] ?? `${app}/api/twilio/voice` },
    numbers: values.number.map(number => ({ number, voiceUrl, statusCallback: statusUrl })),
    tunnels: Object.fromEntries(values.tunnel.map(readTunnel)),
  })
  const { account } = network
  console.log(`phone network: ${network.url}`)
  if (!values.quiet) {
    console.log(`  over TLS     https://127.0.0.1:${network.tlsPort}`)
    console.log(`  speech       ${network.speechUrl}`)
    console.log(`  CRM          ${network.crm?.url}`)
    console.log(`  account      ${account.accountSid}`)
    console.log(`  auth token   ${account.authToken}`)
    console.log(`  API key      ${account.apiKeySid}`)
    console.log(`  API secret   ${account.apiKeySecret}`)
    console.log(`  TwiML App    ${account.twimlAppSid}`)
    console.log(`  our numbers  ${values.number.join(', ')}`)
    console.log(`  the page     ${network.url}/`)
    console.log(`  the world    ${network.url}/_/world`)
  }
  const stop = (): void => {
    network.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  if (values.trace !== undefined) {
    const trace = createWriteStream(values.trace, { flags: 'a' })
    network.control.subscribe(entry => trace.write(`${JSON.stringify(entry)}\n`))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  if (load !== null) {
    console.log(JSON.stringify(await runLoad(network, values.number[0] ?? DEMO_NUMBER, load)))
    stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
