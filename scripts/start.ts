/** `npm start`: everything on this machine, no account needed. Ctrl-C ends all of it. */
import path from 'node:path'
import { buildDialer, buildWorker, WORK } from './local/build.ts'
import { setStage } from './local/stage.ts'
import { onChange } from './local/watch.ts'

process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
process.env.WRANGLER_SEND_METRICS = 'false'

const started = Date.now()
const cps = Number(process.argv.find(argument => argument.startsWith('--cps='))?.slice('--cps='.length) ?? 4)
const stage = await setStage({ state: path.join(WORK, 'state'), cps, shellVoice: true })

const port = Number(new URL(stage.url).port)
if (port !== 5050) console.log(`port 5050 is busy: using ${port}`)
console.log(`
  Trunkline is ready (${((Date.now() - started) / 1000).toFixed(1)} s)

  dialer          ${stage.url}           continue as Ada, check your headset, tick the box
                  about four lines, click Start dialing
  phone network   ${stage.network.url}           the people who are called; answer one yourself
  API             ${stage.url}/docs

  Ctrl-C ends everything. Your data stays in .trunkline (npm run reset clears it).
`)

if (process.argv.includes('--watch')) {
  onChange('src', async () => {
    await Promise.all([buildWorker(), buildDialer()])
    await stage.worker.reload()
    console.log(`rebuilt at ${new Date().toLocaleTimeString()}: reload the page`)
  })
}

let stopping = false
async function stop(): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  await stage.close()
  process.exit(0)
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
