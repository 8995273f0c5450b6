/** The API's answers about the recordings of a call, for tests that only look at screens. */
import type { Recording, RecordingFlow, RecordingTranscript } from '../../src/wire/recording.ts'
import { answerOf } from './fake-ai.ts'

const SECONDS = 60

function recording(id: string, more: Partial<Recording>): Recording {
  return {
    ...{
      id,
      type: 'call' as const,
      call_id: 'w_demo.c_spring.b1.1',
      reference_type: 'call' as const,
      reference_id: 'w_demo.c_spring.b1.1',
      status: 'available',
      seconds: SECONDS,
      media_type: 'audio/wav',
      bytes: 9,
    },
    ...{ sha256: null, channels: 2, legal_hold: false, held_by: '', tm_create: '2026-11-02T09:00:00.000Z' },
    ...{ tm_expire: '2027-01-31T09:00:00.000Z', tm_delete: null, deleted_because: '' },
    ...more,
  }
}

const GONE = { tm_expire: null, tm_delete: '2026-11-12T09:00:00.000Z', deleted_because: 'days' } as const
/** The newest one first. */
const RECORDINGS: Recording[] = [
  recording('RE5', {}),
  recording('RE4', { status: 'failed', tm_expire: null }),
  recording('RE3', { status: 'expired', ...GONE }),
  recording('RE2', { status: 'processing', seconds: null, channels: null }),
  recording('RE1', { legal_hold: true, held_by: 'Sam', tm_expire: null, channels: 1 }),
]

const ROOM = { type: 'conference', call_id: '', reference_type: 'conference', reference_id: 'w_demo.cf_1' } as const
const OF_CONFERENCE: Recording[] = [
  recording('RE7', { ...ROOM, status: 'processing', seconds: null, channels: null }),
  recording('RE6', { ...ROOM, channels: 1 }),
]
function flowOf(id: string): RecordingFlow {
  const none = { flow_id: '', status: 'none' as const, end_reason: '', because: '', steps: [] }
  if (id !== 'RE6') return none
  const step = { step_id: 'tell', type: 'webhook_send', result: '200', tm: '2026-11-02T09:30:00.000Z' }
  return { ...none, flow_id: 'flow_1', status: 'ended', end_reason: 'finished', steps: [step] }
}

/** Somebody speaks, then the other; in the middle the recording was paused. */
function side(first: boolean): number[] {
  return Array.from({ length: 600 }, (_, at) => {
    if (at > 300 && at < 380) return 0
    const speaks = Math.floor(at / 60) % 2 === (first ? 0 : 1)
    return speaks ? 40 + ((at * 37) % 150) : 2
  })
}

const SAID = [
  'Good morning, this is the workshop. What can I do for you?',
  'My car makes a noise when I brake, and I wanted to ask when you could have a look at it.',
  'Tomorrow at nine would be good.',
  'Then I am there at nine. Thank you.',
]
/** Of the newest one all is written down. */
function transcriptOf(id: string): RecordingTranscript {
  if (id !== 'RE5') return { status: 'none', language: '', cut: false, lines: [] }
  const lines = SAID.map((text, at) => ({ side: (at % 2) + 1, start_ms: at * 6_000, end_ms: at * 6_000 + 5_000, text }))
  return { status: 'done', language: 'en-US', cut: false, lines }
}

/** Null: not an address of recordings. */
export function recordingAnswer({ pathname, searchParams }: URL): unknown {
  if (pathname.endsWith('/recording_state'))
    return answerOf('GET /v1.0/calls/:callId/recording_state', { state: 'recording' })
  if (pathname === '/v1.0/recordings') {
    const items = searchParams.get('type') === 'conference' ? OF_CONFERENCE : RECORDINGS
    return answerOf('GET /v1.0/recordings', { items, next: null })
  }
  const [, id, what] = /^\/v1\.0\/recordings\/(RE\d)(\/peaks|\/transcript|\/flow)?$/.exec(pathname) ?? []
  const found = [...RECORDINGS, ...OF_CONFERENCE].find(one => one.id === id)
  if (found === undefined) return null
  if (what === undefined)
    return answerOf('GET /v1.0/recordings/:recordingId', {
      ...found,
      url: 'https://trunkline.test/sounds/hold.wav?exp=1',
      ...(found.channels === 2 ? { url_mono: 'https://trunkline.test/sounds/hold.wav?exp=1&mix=mono' } : {}),
    })
  if (what === '/transcript') return answerOf('GET /v1.0/recordings/:recordingId/transcript', transcriptOf(found.id))
  if (what === '/flow') return answerOf('GET /v1.0/recordings/:recordingId/flow', flowOf(found.id))
  const channels = found.channels === 1 ? [side(true)] : [side(true), side(false)]
  return answerOf('GET /v1.0/recordings/:recordingId/peaks', { channels })
}
