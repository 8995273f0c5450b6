/** Opens the providers of a conversation before anybody speaks. */
import type { TalkOrder } from '../../../core/call/talk/talk.ts'
import type { ConversationParts } from '../../../media/conversation/conversation-parts.ts'
import type { ConversationLoop } from '../../../media/conversation/loop.ts'
import { phrasesOf } from '../../../media/conversation/phrases.ts'
import { pipelineConversation } from '../../../media/conversation/pipeline/driver.ts'
import { WarmTranscription } from '../../../media/conversation/pipeline/warm-transcription.ts'
import { DEAF_TRANSCRIPTION, SILENT_SPEAKER } from '../../../media/conversation/pipeline/words-only.ts'
import { optionsOf } from '../../../media/conversation/realtime/connection.ts'
import { realtimeConversation } from '../../../media/conversation/realtime/driver.ts'
import { WarmRealtime } from '../../../media/conversation/realtime/warm-realtime.ts'
import type { Answered } from '../../../providers/chain.ts'
import type { Language } from '../../../providers/language/port.ts'
import type { Realtime } from '../../../providers/realtime/port.ts'
import type { Speaker } from '../../../providers/speech/port.ts'
import type { Transcription } from '../../../providers/transcription/port.ts'
import { languageOf, realtimeOf, speechOf, voiceOf } from '../../../providers/voice-registry.ts'
import type { AiAgentBody } from '../../../wire/ai-agent.ts'
import type { Env } from '../../env.ts'
import { neighboursOf } from '../../neighbours.ts'
import { agentOf, hintsOf, offersOf, speakerOf } from './agent-of-call.ts'
import { keptSpareWord, type SpareWord } from './spare-word.ts'

/** Three providers, for the pipeline driver. */
export interface ReadyPipeline {
  transcription: Transcription
  language: Language
  speaker: Speaker
}

/** One model that hears, thinks and speaks, for the realtime driver. */
export interface ReadyRealtime {
  realtime: Realtime
  voice: string
  spareWord: SpareWord
}

export interface ReadyVoice {
  body: AiAgentBody
  voice: ReadyPipeline | ReadyRealtime
  /** closes all of it */
  abort: AbortController
}

/** Null: there is no such agent, or its providers are not set up. Throws what the providers throw. */
export async function readyVoice(
  env: Env,
  callId: string,
  { agentId, version, driver }: TalkOrder,
  answered: (answer: Answered) => void,
): Promise<ReadyVoice | null> {
  const agent = await agentOf(neighboursOf(env), callId, agentId, version)
  if (agent === null) return null
  const { body } = agent
  const abort = new AbortController()
  if (driver === 'realtime') {
    const cold = realtimeOf(body.model === '' ? env : { ...env, REALTIME_MODEL: body.model })
    if (cold === null) return null
    // The caller is not known yet: the connection is configured again when the conversation begins.
    const known = { agent: speakerOf(body, undefined, false, {}), tools: offersOf(body), voice: body.voice }
    const realtime = new WarmRealtime(cold, optionsOf(known), abort.signal)
    const { wait } = phrasesOf(body)
    const word = keptSpareWord(speechOf(env, answered), wait, body.language, abort.signal)
    return { body, voice: { realtime, voice: body.voice, spareWord: word }, abort }
  }
  const withModel = body.model === '' ? env : { ...env, LLM_MODEL: body.model }
  if (driver === 'relay') {
    const language = languageOf(withModel, answered, body.language)
    if (language === null) return null
    return { body, voice: { transcription: DEAF_TRANSCRIPTION, language, speaker: SILENT_SPEAKER }, abort }
  }
  const voice = voiceOf(withModel, answered, body.language)
  if (voice === null) return null
  const { language: model } = voice
  const { language, hints } = { language: body.language, hints: hintsOf(body) }
  const transcription = new WarmTranscription(voice.transcription, { language, hints }, abort.signal)
  const speaker = await voice.speech.open({ voice: body.voice, language }, abort.signal).catch((error: unknown) => {
    abort.abort()
    throw error
  })
  return { body, voice: { transcription, language: model, speaker }, abort }
}

/** A conversation with the driver that these providers are for. */
export function conversationWith(voice: ReadyVoice['voice'], parts: ConversationParts): ConversationLoop {
  return 'realtime' in voice
    ? realtimeConversation({ ...parts, ...voice })
    : pipelineConversation({ ...parts, ...voice })
}

export function discard(ready: ReadyVoice | null): void {
  if (ready === null) return
  const { voice, abort } = ready
  if ('speaker' in voice) voice.speaker.close()
  abort.abort()
}
