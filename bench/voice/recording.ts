/** Reads from a stereo recording of a call when the caller spoke (left) and when we did (right). */
import type { Entry } from '../../packages/phone-network/src/network-log.ts'
import type { AiStage, Held } from '../../test/voice/ai-stage.ts'

export const WINDOW_MS = 10
const SAMPLES_PER_WINDOW = 80
/** −46 dBFS: far under any voice, and over what a codec makes of silence. */
const LOUD_RMS = 160
const HEADER_BYTES = 44

/** One 1 or 0 for each 10 ms. */
export interface Tracks {
  caller: boolean[]
  agent: boolean[]
}

/** Fetches the file once the Worker has acknowledged the carrier's callback that it is complete. */
export async function fetchRecording(stage: AiStage, held: Held): Promise<Uint8Array> {
  await stage.stage.network.control.until(entry => isRecorded(entry, held.callSid))
  const answer = await stage.fetch('root', `/api/calls/${held.callId}/recording.wav`)
  if (!answer.ok) throw new Error(`no recording of ${held.callId}: ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}

function isRecorded(entry: Entry, callSid: string): boolean {
  if (entry.kind !== 'webhook' || entry.callSid !== callSid) return false
  return entry.fields.RecordingStatus === 'completed' && entry.status !== null && entry.status < 300
}

/** 16-bit stereo as the phone network writes it. Throws for anything else. */
export function tracksOf(file: Uint8Array, loudRms = LOUD_RMS): Tracks {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint16(22, true) !== 2 || view.getUint16(34, true) !== 16) throw new Error('not a stereo recording')
  const windows = Math.floor((file.length - HEADER_BYTES) / 4 / SAMPLES_PER_WINDOW)
  const loud = (channel: number) =>
    Array.from({ length: windows }, (_, window) => {
      let sum = 0
      for (let at = window * SAMPLES_PER_WINDOW; at < (window + 1) * SAMPLES_PER_WINDOW; at += 1)
        sum += view.getInt16(HEADER_BYTES + at * 4 + channel * 2, true) ** 2
      return Math.sqrt(sum / SAMPLES_PER_WINDOW) > loudRms
    })
  return { caller: loud(0), agent: loud(1) }
}

export interface Answered {
  /** from the caller's last sound to our first */
  waitedMs: number
  /** the caller spoke on after we had begun */
  cut: boolean
}

/** Our silence of this length ends an answer: sentences of one follow each other closely. */
const ANSWER_GAP_MS = 600

/** Our answers to the caller's turns, in order. An unanswered turn has none; words after a cut belong to that answer. */
export function answersOf({ caller, agent }: Tracks): Answered[] {
  const answers: Answered[] = []
  const gap = ANSWER_GAP_MS / WINDOW_MS
  let continued = false
  let lastCaller = -1
  let lastAgent = Number.NEGATIVE_INFINITY
  for (let at = 0; at < agent.length; at += 1) {
    const current = answers.at(-1)
    const answering = at - lastAgent < gap
    if (agent[at]) {
      // An answer begins where the caller has spoken since we were last heard.
      const goesOn = current?.cut === true && !continued
      if (!answering && lastCaller > lastAgent && lastCaller >= 0 && goesOn) continued = true
      else if (!answering && lastCaller > lastAgent && lastCaller >= 0) {
        continued = false
        answers.push({ waitedMs: (at - lastCaller - 1) * WINDOW_MS, cut: false })
      }
      lastAgent = at
    }
    if (!caller[at]) continue
    if (answering && agent[at] && current !== undefined) current.cut = true
    lastCaller = at
  }
  return answers
}
