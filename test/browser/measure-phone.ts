/// <reference types="node" />
/**
 * Figures of the browser side, in a real Chromium: `node test/browser/measure-phone.ts`. One JSON line last.
 * Latencies count from the command in the network (or the click in the page) to the first loud sample on the other
 * side, so they contain the wait for the next 20 ms tick and the browser's own jitter buffer.
 */
import { type Browser, chromium, type Page } from '@playwright/test'
import { decode } from '../../packages/phone-network/src/media/mulaw.ts'
import { findChromium } from './chromium.ts'
import { type Harness, newCallSid, startHarness } from './phone-harness.ts'

const ROUNDS = 12
const LEGS = 8
const CPU_MS = 5000
const LOUD = 1500

function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10
}

const summary = (values: number[]) => ({ p50: percentile(values, 0.5), p95: percentile(values, 0.95) })
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
/** Wall clock with fractions, the same in page and program. */
const wallMs = () => performance.timeOrigin + performance.now()

async function newPage(browser: Browser, network: Harness): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(network.url)
  await page.waitForFunction(() => window.phone !== undefined)
  return page
}

async function registerAndAccept(browser: Browser, network: Harness) {
  const registerMs: number[] = []
  const acceptMs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const page = await newPage(browser, network)
    registerMs.push(await page.evaluate(identity => window.phone.register(`good:${identity}`), `m${round}`))
    await page.evaluate(() => window.phone.device.on('incoming', (call: { accept(): void }) => call.accept()))
    const callSid = newCallSid(0x2000 + round)
    const started = performance.now()
    network.gateway.ring(`m${round}`, { callSid, from: '+1', to: 'client:m', parameters: {} })
    while (!network.recorded.some(event => event.kind === 'answered' && event.callSid === callSid)) await pause(1)
    acceptMs.push(performance.now() - started)
    await page.context().close()
  }
  return { registerMs: summary(registerMs), ringToAcceptMs: summary(acceptMs) }
}

/** Watches the remote stream sample by sample and tells the wall time of the first loud one after silence. */
async function watchEar(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const context = new AudioContext({ latencyHint: 'interactive' })
    const code = `registerProcessor('loud', class extends AudioWorkletProcessor {
      process([[samples]]) { if (samples) for (const s of samples) if (Math.abs(s) > 0.05) { this.port.postMessage(0); break } return true } })`
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
    const node = new AudioWorkletNode(context, 'loud')
    context
      .createMediaStreamSource(window.phone.calls.outgoing.getRemoteStream())
      .connect(node)
      .connect(context.destination)
    node.port.onmessage = () => {
      window.phone.loudAt ??= performance.timeOrigin + performance.now()
    }
  })
}

async function planeToPage(network: Harness, page: Page, callSid: string): Promise<number[]> {
  await watchEar(page)
  const latencies: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await pause(300 + round * 7)
    await page.evaluate(() => (window.phone.loudAt = null))
    const started = wallMs()
    network.sound.plane.play(callSid, network.sound.voices.sound('beep', 200))
    await page.waitForFunction(() => window.phone.loudAt)
    latencies.push((await page.evaluate(() => window.phone.loudAt)) - started)
  }
  return latencies
}

/** A tone generator takes the microphone's place, so that its start is known exactly. */
async function pageToPlane(network: Harness, page: Page, callSid: string): Promise<number[]> {
  await page.evaluate(async () => {
    const context = new AudioContext({ latencyHint: 'interactive' })
    const gain = new GainNode(context, { gain: 0 })
    const oscillator = new OscillatorNode(context, { frequency: 700 })
    const out = context.createMediaStreamDestination()
    oscillator.connect(gain).connect(out)
    oscillator.start()
    window.phone.gain = gain
    const [sender] = window.phone.calls.outgoing._mediaHandler.version.pc.getSenders()
    await sender.replaceTrack(out.stream.getAudioTracks()[0])
  })
  let loudAt = 0
  const stop = network.sound.plane.tap(callSid, says => {
    if (loudAt === 0 && decode(says).some(sample => Math.abs(sample) > LOUD)) loudAt = wallMs()
  })
  const latencies: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await pause(400 + round * 7)
    loudAt = 0
    const started = await page.evaluate(() => {
      window.phone.gain.gain.value = 1
      return performance.timeOrigin + performance.now()
    })
    while (loudAt === 0) await pause(1)
    latencies.push(loudAt - started)
    await page.evaluate(() => {
      window.phone.gain.gain.value = 0
    })
  }
  stop()
  return latencies
}

async function latencies(browser: Browser, network: Harness, codec: string) {
  network.onPlaced = callSid => network.gateway.answered(callSid)
  const page = await newPage(browser, network)
  await page.evaluate(preferred => window.phone.register('good:lat', { codecPreferences: [preferred] }), codec)
  await page.evaluate(() => window.phone.dial())
  await page.waitForFunction(() => window.phone.calls.outgoing.status() === 'open')
  await pause(1500)
  const callSid = network.recorded.findLast(event => event.kind === 'invite')?.callSid ?? ''
  const toPage = summary(await planeToPage(network, page, callSid))
  const toPlane = summary(await pageToPlane(network, page, callSid))
  await page.context().close()
  return { planeToPageMs: toPage, pageToPlaneMs: toPlane }
}

/** Our own CPU per leg, all legs in one noisy conference. */
async function cpuPerLeg(browser: Browser, network: Harness, codec: string): Promise<number> {
  const idle = await cpuMsPerSecond()
  network.onPlaced = callSid => {
    network.gateway.answered(callSid)
    network.sound.plane.join('all', callSid)
  }
  const pages: Page[] = []
  for (let leg = 0; leg < LEGS; leg++) {
    const page = await newPage(browser, network)
    await page.evaluate(
      ([name, preferred]) => window.phone.register(`good:${name}`, { codecPreferences: [preferred] }),
      [`leg${leg}`, codec],
    )
    await page.evaluate(() => window.phone.dial())
    pages.push(page)
  }
  await pause(1500)
  const busy = await cpuMsPerSecond()
  await Promise.all(pages.map(page => page.context().close()))
  return Math.round(((busy - idle) / LEGS) * 10) / 10
}

async function cpuMsPerSecond(): Promise<number> {
  const before = process.cpuUsage()
  await pause(CPU_MS)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CPU_MS
}

const network = await startHarness()
const { executablePath, args, env } = await findChromium()
const browser = await chromium.launch({
  executablePath,
  args,
  env: { ...process.env, ...env } as Record<string, string>,
})
try {
  const figures = {
    ...(await registerAndAccept(browser, network)),
    pcmu: await latencies(browser, network, 'pcmu'),
    opus: await latencies(browser, network, 'opus'),
    cpuMsPerSecondPerLeg: {
      pcmu: await cpuPerLeg(browser, network, 'pcmu'),
      opus: await cpuPerLeg(browser, network, 'opus'),
    },
    residentMb: Math.round(process.memoryUsage.rss() / 1e6),
  }
  console.log(JSON.stringify({ bench: 'browser-phone', rounds: ROUNDS, legs: LEGS, ...figures }))
} finally {
  await browser.close()
  await network.close()
}
