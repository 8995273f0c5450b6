/** What hearing costs: the speech kernel and its plain specification, in turns, in one bare workerd. */
import path from 'node:path'
import { buildWorker, WORK } from '../../scripts/local/build.ts'
import { freePort } from '../../scripts/local/ports.ts'
import { serveBare } from '../workerd.ts'

const WINDOWS = 25
/** Both ways then take some tens of milliseconds: one request and the clock weigh little. */
const PLAIN_SHARE = 20
const CORE_SECOND_MICROS = 1_000_000
const FRAMES_PER_SECOND = 50

export interface VadFigure {
  microsPerFrame: number
  microsPerFrameP95: number
  plainMicrosPerFrame: number
  timesFasterThanPlain: number
  callsPerCore: number
}

/** `frames` a window; the median of 25 windows, each beside a window of the plain form. */
export async function benchVad(frames: number): Promise<VadFigure> {
  const script = await buildWorker(path.join(WORK, 'bench', 'vad'), 'bench/vad/worker.ts')
  const port = await freePort(5700)
  const bare = await serveBare({ script, port, actors: {}, vars: {} })
  try {
    const micros = async (way: string, count: number): Promise<number> => {
      const started = performance.now()
      const answer = await fetch(`${bare.url}/${way}?frames=${count}`)
      await answer.text()
      return ((performance.now() - started) * 1_000) / count
    }
    const plainFrames = Math.max(8, Math.round(frames / PLAIN_SHARE))
    for (const way of ['kernel', 'plain']) await micros(way, plainFrames * 4)
    const windows: { kernel: number; plain: number }[] = []
    for (let count = 0; count < WINDOWS; count += 1) {
      const [kernelEmpty, kernel] = [await micros('nothing', frames), await micros('kernel', frames)]
      const [plainEmpty, plain] = [await micros('nothing', plainFrames), await micros('plain', plainFrames)]
      windows.push({ kernel: kernel - kernelEmpty, plain: plain - plainEmpty })
    }
    const kernel = windows.map(one => one.kernel)
    const microsPerFrame = quantile(kernel, 0.5)
    return {
      microsPerFrame: round(microsPerFrame),
      microsPerFrameP95: round(quantile(kernel, 0.95)),
      plainMicrosPerFrame: round(
        quantile(
          windows.map(one => one.plain),
          0.5,
        ),
      ),
      timesFasterThanPlain: round(
        quantile(
          windows.map(one => one.plain / one.kernel),
          0.5,
        ),
      ),
      callsPerCore: Math.floor(CORE_SECOND_MICROS / FRAMES_PER_SECOND / microsPerFrame),
    }
  } finally {
    bare.stop()
  }
}

function quantile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
