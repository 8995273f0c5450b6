/** Everything that a conversation needs from outside, opened before anybody speaks. */
import type { TalkOrder } from '../../../core/call/talk/talk.ts'
import type { SessionParts } from '../../../media/conversation/conversation-parts.ts'
import type { LineSession } from '../../../media/conversation/line-session.ts'
import { PHRASES, tongueOf } from '../../../media/conversation/phrases.ts'
import { VoiceSession } from '../../../media/conversation/pipeline/driver.ts'
import { WarmTranscription } from '../../../media/conversation/pipeline/warm-transcription.ts'
import { DEAF_TRANSCRIPTION, SILENT_SPEAKER } from '../../../media/conversation/pipeline/words-only.ts'
import { optionsOf } from '../../../media/conversation/realtime/connection.ts'
import { RealtimeVoiceSession } from '../../../media/conversation/realtime/driver.ts'
import { WarmRealtime } from '../../../media/conversation/realtime/warm-realtime.ts'
import type { Answered } from '../../../providers/chain.ts'
import type { Language } from '../../../providers/language/port.ts'
import type { Realtime } from '../../../providers/realtime/port.ts'
import type { Speaker } from '../../../providers/speech/port.ts'
import type { Transcription } from '../../../providers/transcription/port.ts'
import { realtimeOf, speechOf, voiceOf } from '../../../providers/voice-registry.ts'
import type { AiAgentBody } from '../../../wire/ai-agent.ts'
import type { Env } from '../../env.ts'
import { agentOf, hintsOf, offersOf, speakerOf } from './agent-of-call.ts'
import { type SpareWord, spareWord } from './spare-word.ts'

/** Three abilities of three providers. */
export interface ReadyAbilities {
  transcription: Transcription
  language: Language
  speaker: Speaker
}

/** One model with all three. */
export interface ReadyRealtime {
  realtime: Realtime
  voice: string
  spare: SpareWord
}

export interface ReadyVoice {
  body: AiAgentBody
  voice: ReadyAbilities | ReadyRealtime
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
  const abort = new AbortController()
  if (driver === 'realtime') {
    const cold = realtimeOf(body.model === '' ? env : { ...env, REALTIME_MODEL: body.model })
    if (cold === null) return null
    // Who is on the line is told when the conversation begins.
    const known = { agent: speakerOf(body, undefined, false, {}), tools: offersOf(body), voice: body.voice }
    const realtime = new WarmRealtime(cold, optionsOf(known), abort.signal)
    const { wait } = { ...PHRASES[tongueOf(body.language)], ...body.phrases }
    const spare = spareWord(speechOf(env, answered), wait, body.language, abort.signal)
    return { body, voice: { realtime, voice: body.voice, spare }, abort }
  }
  const voice = voiceOf(body.model === '' ? env : { ...env, LLM_MODEL: body.model }, answered)
  if (voice === null) return null
  const { language: thinker } = voice
  if (driver === 'relay')
    return {
      body,
      voice: { transcription: DEAF_TRANSCRIPTION, language: thinker, speaker: SILENT_SPEAKER },
      abort,
    }
  const { language, hints } = { language: body.language, hints: hintsOf(body) }
  const transcription = new WarmTranscription(voice.transcription, { language, hints }, abort.signal)
  const speaker = await voice.speech.open({ voice: body.voice, language }, abort.signal).catch((error: unknown) => {
    abort.abort()
    throw error
  })
  return { body, voice: { transcription, language: thinker, speaker }, abort }
}

/** The driver of a conversation with these abilities. */
export function sessionWith(voice: ReadyVoice['voice'], parts: Omit<SessionParts, keyof ReadyAbilities>): LineSession {
  return 'realtime' in voice
    ? new RealtimeVoiceSession({ ...parts, ...voice })
    : new VoiceSession({ ...parts, ...voice })
}

export function discard(ready: ReadyVoice | null): void {
  if (ready === null) return
  const { voice, abort } = ready
  if ('speaker' in voice) voice.speaker.close()
  abort.abort()
}
