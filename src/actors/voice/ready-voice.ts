/** Everything that a conversation needs from outside, opened before anybody speaks. */
import type { TalkOrder } from '../../core/call/talk.ts'
import { WarmTranscription } from '../../media/voice-session/warm.ts'
import { DEAF_TRANSCRIPTION, SILENT_SPEAKER } from '../../media/voice-session/words-only.ts'
import type { Answered } from '../../providers/chain.ts'
import type { Language } from '../../providers/language/port.ts'
import type { Speaker } from '../../providers/speech/port.ts'
import type { Transcription } from '../../providers/transcription/port.ts'
import { voiceOf } from '../../providers/voice-registry.ts'
import type { AiAgentBody } from '../../wire/ai-agent.ts'
import type { Env } from '../env.ts'
import { agentOf, hintsOf } from './agent-of-call.ts'

export interface ReadyVoice {
  body: AiAgentBody
  transcription: Transcription
  language: Language
  speaker: Speaker
  /** ends all of it */
  abort: AbortController
}

/** Null: there is no such agent, or no voice is set up. Throws what the providers throw. */
export async function readyVoice(
  env: Env,
  callId: string,
  { agentId, version, driver }: TalkOrder,
  answered: (answer: Answered) => void,
): Promise<ReadyVoice | null> {
  const agent = await agentOf(env, callId, agentId, version)
  if (agent === null) return null
  const { body } = agent
  const voice = voiceOf(body.model === '' ? env : { ...env, LLM_MODEL: body.model }, answered)
  if (voice === null) return null
  const abort = new AbortController()
  if (driver === 'relay')
    return { body, transcription: DEAF_TRANSCRIPTION, language: voice.language, speaker: SILENT_SPEAKER, abort }
  const { language, hints } = { language: body.language, hints: hintsOf(body) }
  const transcription = new WarmTranscription(voice.transcription, { language, hints }, abort.signal)
  const speaker = await voice.speech.open({ voice: body.voice, language }, abort.signal)
  return { body, transcription, language: voice.language, speaker, abort }
}

export function discard(ready: ReadyVoice | null): void {
  if (ready?.transcription instanceof WarmTranscription) ready.transcription.close()
  ready?.speaker.close()
  ready?.abort.abort()
}
