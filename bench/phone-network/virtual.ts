/** Measures how much faster than real time virtual time passes: ten minutes with 2,000 calls and a program over HTTP. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startPhoneNetwork } from '../../packages/phone-network/src/phone-network.ts'
import { VirtualTime } from '../../packages/phone-network/src/time.ts'

const FROM = '+14155550000'
const SECONDS = 600
const CALLS_PER_SECOND = 4
const BEHAVIOURS = ['20', '21', '22', '30', '40', '41']
const PAGE = '<Response><Say>Hello, how are you today?</Say><Pause length="20"/></Response>'

export async function virtualSpeedup(): Promise<number> {
  const app = createServer((request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(PAGE))
  })
  await new Promise<void>(resolve => app.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`
  const network = await startPhoneNetwork({
    port: 0,
    cps: 100,
    time: new VirtualTime(),
    numbers: [{ number: FROM, voiceUrl: url }],
  })
  const started = performance.now()
  for (let second = 0, calls = 0; second < SECONDS; second += 1) {
    for (let index = 0; second < SECONDS - 100 && index < CALLS_PER_SECOND; index += 1, calls += 1) {
      const behaviour = BEHAVIOURS[calls % BEHAVIOURS.length] ?? ''
      const to = `+1500${behaviour}${String((calls * 7) % 90).padStart(3, '0')}${String(calls % 100).padStart(2, '0')}`
      network.control.place({ from: FROM, to, url, timeLimitMs: 60_000 })
    }
    await network.pass(1_000)
  }
  const speedup = (SECONDS * 1_000) / (performance.now() - started)
  const { live } = network.control.census()
  await network.close()
  app.close()
  if (live > 0) throw new Error(`${live} calls are left`)
  return Math.round(speedup)
}
