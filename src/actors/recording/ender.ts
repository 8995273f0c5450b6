/**
 * Runs the flows that begin when a recording is there. What has run, and the step that is about to ask, is stored before a server is asked: when
 * the object dies meanwhile, nobody is asked twice, and the step fails as one whose answer was not seen.
 */
import type { OutsideAnswer } from '../../core/call/flow/state.ts'
import type { FlowMoved } from '../../core/call/recording/recording.ts'
import type { Action, Option } from '../../core/flow/flow.ts'
import {
  answeredEndFlow,
  beginEndFlow,
  type EndFlow,
  type Next,
  type Ran,
  runEndFlow,
} from '../../core/recording/end-flow.ts'
import type { DueFlow } from './end-flows.ts'
import type { Rows } from './rows.ts'

/** What such a flow reaches beyond the rows. */
export interface AroundFlows {
  /** the steps as JSON of the version that this recording gets; null: there is no such flow */
  flow(flowId: string, recordingId: string): Promise<string | null>
  /** a server of somebody is asked, once */
  asked(verb: string, option: Option, recordingId: string): Promise<OutsideAnswer>
  /** the call of the recording, or its conference, is told; a repeat under the same name changes nothing */
  tellFlow(of: string, news: Omit<FlowMoved, 'type'>, name: string): Promise<void>
  language(): string | null
}

type Asks = Extract<Next, { is: 'asks' }>
const UNSEEN: OutsideAnswer = { is: 'failed', because: 'outcome-unknown' }

export class Ender {
  readonly #rows: Rows
  readonly #around: AroundFlows

  constructor(rows: Rows, around: AroundFlows) {
    this.#rows = rows
    this.#around = around
  }

  /** One flow until a server was asked once, so that a copy does not wait long for it. Never rejects. */
  async work(now: number): Promise<void> {
    const one = this.#rows.endFlows.due(now)
    if (one === null) return
    try {
      if (one.over === null) await this.#goOn(one, now)
      else await this.#close(one, one.over)
    } catch {
      console.error(JSON.stringify({ message: 'a flow of a recording could not go on', recording: one.recordingId }))
      this.#rows.endFlows.again(one, now)
    }
  }

  async #goOn(one: DueFlow, now: number): Promise<void> {
    const ran = one.state === null ? await this.#begin(one, now) : resumed(one.state, one.unseen, now)
    if (ran === null) return this.#over(one, [], 'failed', 'there is no such flow', now)
    const { flow, done, next } = ran
    if (next.is === 'over') return this.#over(one, done, next.reason, next.because, now)
    this.#rows.endFlows.ran(one.recordingId, flow, done, next.stepId, now)
    const answer = await this.#ask(one, next)
    const after = answeredEndFlow(flow, next.waits ? answer : null, now)
    if (after.next.is === 'over') return this.#over(one, after.done, after.next.reason, after.next.because, now)
    // The step that asks next begins anew with the next work.
    this.#rows.endFlows.ran(one.recordingId, after.flow, after.done, null, now)
  }

  /** Null: there is no such flow. */
  async #begin(one: DueFlow, now: number): Promise<Ran | null> {
    const actionsJson = await this.#around.flow(one.flowId, one.recordingId)
    await this.#tell(one, '', '')
    return actionsJson === null ? null : runEndFlow(beginEndFlow(JSON.parse(actionsJson) as Action[], one), now)
  }

  async #ask({ recordingId, type }: DueFlow, { verb, option }: Asks): Promise<OutsideAnswer> {
    if (verb === 'fetch_flow') {
      const actionsJson = await this.#around.flow(String(option.flow_id), recordingId)
      if (actionsJson === null) return { is: 'failed', because: 'no-such-flow' }
      return { is: 'steps', actions: JSON.parse(actionsJson) as unknown[] }
    }
    if (verb !== 'transcribe_recording') return this.#around.asked(verb, option, recordingId)
    const spoken = this.#around.language()
    const language = typeof option.language === 'string' && option.language !== '' ? option.language : spoken
    // Only what is stored as WAV is written down.
    if (spoken === null || language === null || type !== 'audio/wav') return { is: 'failed', because: 'no-transcript' }
    this.#rows.transcripts.want(recordingId, language, Date.now())
    return { is: 'result', result: 'done' }
  }

  /** Why it is over is stored before anybody is told. */
  async #over(one: DueFlow, done: Ran['done'], reason: string, because: string, now: number): Promise<void> {
    this.#rows.endFlows.over(one.recordingId, done, reason, because, now)
    await this.#close(one, { reason, because })
  }

  async #close(one: DueFlow, { reason, because }: NonNullable<DueFlow['over']>): Promise<void> {
    await this.#tell(one, reason, because)
    this.#rows.endFlows.settled(one.recordingId)
  }

  async #tell({ recordingId, flowId, referenceId }: DueFlow, reason: string, because: string): Promise<void> {
    const name = `end-flow:${recordingId}:${reason === '' ? 'started' : 'ended'}`
    await this.#around.tellFlow(referenceId, { recordingId, flowId, reason, because }, name)
  }
}

/** After a crash, or after an answer. */
function resumed(state: EndFlow, unseen: boolean, now: number): Ran {
  return unseen ? answeredEndFlow(state, UNSEEN, now) : runEndFlow(state, now)
}
