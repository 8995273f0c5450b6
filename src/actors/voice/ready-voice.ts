/** Everything that a conversation needs from outside, opened before anybody speaks. */
import type { TalkOrder } from '../../core/call/talk.ts'
import { WarmTranscription } from '../../media/voice-session/warm.ts'
import type { Answered } from '../../providers/chain.ts'
import type { Language } from '../../providers/language/port.ts'
import type { Speaker } from '../../providers/speech/port.ts'
import { voiceOf } from '../../providers/voice-registry.ts'
import type { AiAgentBody } from '../../wire/ai-agent.ts'
import type { Env } from '../env.ts'
import { agentOf, hintsOf } from './agent-of-call.ts'

export interface ReadyVoice {
  body: AiAgentBody
  transcription: WarmTranscription
  language: Language
  speaker: Speaker
  /** ends all of it */
  abort: AbortController
}

/** Null: there is no such agent, or no voice is set up. Throws what the providers throw. */
export async function readyVoice(
  env: Env,
  callId: string,
  { agentId, version }: TalkOrder,
  answered: (answer: Answered) => void,
): Promise<ReadyVoice | null> {
  const agent = await agentOf(env, callId, agentId, version)
  if (agent === null) return null
  const { body } = agent
  const voice = voiceOf(body.model === '' ? env : { ...env, LLM_MODEL: body.model }, answered)
  if (voice === null) return null
  const abort = new AbortController()
  const { language, hints } = { language: body.language, hints: hintsOf(body) }
  const transcription = new WarmTranscription(voice.transcription, { language, hints }, abort.signal)
  const speaker = await voice.speech.open({ voice: body.voice, language }, abort.signal)
  return { body, transcription, language: voice.language, speaker, abort }
}

export function discard(ready: ReadyVoice | null): void {
  ready?.transcription.close()
  ready?.speaker.close()
  ready?.abort.abort()
}
