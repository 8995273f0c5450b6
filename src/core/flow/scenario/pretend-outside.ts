/** What the outside says in a scenario that does not tell it: the plainest thing that lets the flow go on. */
import type { OutsideAnswer } from '../../call/flow/state.ts'
import type { Option } from '../flow.ts'
import type { OutsideAct, Scenario } from './words.ts'

const ANSWER_MS = 100
const WAITED_MS = 30_000

export interface OutsideAsk {
  verb: string
  option: Option
  act: OutsideAct | null
  scenario: Scenario
  ask: number
  callId: string
}

/** `number`: the ask that is answered. */
export function outsideAnswerTo(asked: OutsideAsk): { number: number; afterMs: number; answer: OutsideAnswer } {
  const { act, ask, verb } = asked
  if (act !== null && 'answer' in act) return { number: ask, afterMs: act.afterMs ?? ANSWER_MS, answer: act.answer }
  const waits = verb === 'queue_join' || verb === 'ai_talk' || verb === 'ai_agent'
  return { number: ask, afterMs: waits ? WAITED_MS / 10 : ANSWER_MS, answer: plainAnswer(asked) }
}

function plainAnswer({ verb, option, scenario, callId }: OutsideAsk): OutsideAnswer {
  switch (verb) {
    case 'connect':
    case 'transfer':
      return { is: 'steps', actions: [{ type: 'dial', option: { parties: { list: [] }, from: scenario.to } }] }
    case 'conference_join':
    case 'confbridge_join': {
      const room = String(option.conference_id ?? option.confbridge_id)
      return { is: 'steps', actions: [{ type: 'join_room', option: { room, call_id: callId } }] }
    }
    case 'fetch_flow': {
      const actions = scenario.flows[String(option.flow_id)]
      return actions === undefined ? { is: 'failed', because: 'no-such-flow' } : { is: 'steps', actions }
    }
    case 'recording_start':
      return { is: 'result', result: 'recording', variables: { 'voipbin.recording.id': 'recording-1' } }
    case 'queue_join':
      return { is: 'result', result: 'served' }
    case 'ai_talk':
    case 'ai_agent':
      return { is: 'result', result: 'talked' }
    case 'callback_offer':
      return { is: 'result', result: 'taken' }
    default:
      return { is: 'failed', because: 'not-in-the-scenario' }
  }
}
