/** Makes the sentences of a simulated caller into sound before the conversation begins, so that no pause waits for a provider. */
import type { PreparedAct } from '../../media/conversation/rehearsal/simulated-caller.ts'
import type { Speaker } from '../../providers/speech/port.ts'
import { otherVoice, voiceOf } from '../../providers/voice-registry.ts'
import type { AiAgentBody } from '../../wire/ai-agent.ts'
import type { CallerAct, RehearsalBody } from '../../wire/scenario.ts'
import { spokenBytes } from '../call/voice/spoken-bytes.ts'
import type { Env } from '../env.ts'

/** Longest sound of one sentence: a minute. */
const SOUND_BYTES_MAX = 480_000

type Caller = RehearsalBody['caller']

/** Throws `Error` with words for people, or what the speech provider throws. */
export async function preparedActs(
  env: Env,
  agent: AiAgentBody,
  { acts, voice: wanted }: Caller,
  signal: AbortSignal,
): Promise<PreparedAct[]> {
  const voice = voiceOf(env)
  if (voice === null) throw new Error('The caller has no voice here.')
  const { speech } = voice
  const own = wanted || otherVoice(speech.provider, agent.voice, agent.language)
  const speaker = await speech.open({ voice: own, language: agent.language }, signal)
  try {
    const prepared: PreparedAct[] = []
    // One at a time, because the agent's voice uses the same account.
    for (const act of acts) prepared.push(await preparedAct(act, speaker, signal))
    return prepared
  } finally {
    speaker.close()
  }
}

/** Number of characters that are made into speech. */
export function spokenCharacters({ acts }: Caller): number {
  return acts.reduce((sum, act) => sum + ('say' in act ? act.say.length : 0), 0)
}

async function preparedAct(act: CallerAct, speaker: Speaker, signal: AbortSignal): Promise<PreparedAct> {
  if ('say' in act) return { do: 'say', mulaw: await soundOf(act.say, speaker, signal) }
  if ('pauseMs' in act) return { do: 'pause', ms: act.pauseMs }
  if ('press' in act) return { do: 'press', keys: act.press }
  return { do: 'listen' in act ? 'listen' : 'hang-up' }
}

async function soundOf(text: string, speaker: Speaker, signal: AbortSignal): Promise<Uint8Array> {
  const mulaw = await spokenBytes(speaker, text, SOUND_BYTES_MAX, signal)
  if (mulaw === null) throw new Error('A sentence of the caller is longer than a minute.')
  if (mulaw.length === 0) throw new Error('The caller has no voice: its speech provider made no sound.')
  return mulaw
}
