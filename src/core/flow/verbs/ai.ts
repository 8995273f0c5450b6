/** Verbs with which an AI agent takes part. */

import { ERROR_TARGET, field, LANGUAGE, TALK_MS_MAX, type Verb } from './verb.ts'

const ASSISTANCE = [
  field('assistance_type', 'choice', 'Who it is.', { choices: ['ai', 'team'], default: 'ai' }),
  field('assistance_id', 'text', 'The AI agent.', { required: true, min: 1, max: 100 }),
] as const

export const AI = {
  ai_talk: {
    label: 'Talk with an AI agent (VoIPBIN)',
    help: 'An AI agent talks with the caller. The flow goes on when it has said goodbye, or after the time.',
    group: 'ai',
    class: 'connects',
    ends: 'party-gone',
    call: 'yes',
    origin: 'voipbin',
    answerMs: 5_000,
    afterSound: true,
    fields: [
      ...ASSISTANCE,
      field('duration', 'integer', 'How long at most, s; 0: as long as the call.', { default: 0, min: 0, max: 14_400 }),
      ERROR_TARGET,
    ],
  },
  ai_agent: {
    label: 'Talk with an AI agent',
    help: 'An AI agent of this workspace talks with the caller. The flow goes on when it has said goodbye, or after the time.',
    group: 'ai',
    class: 'connects',
    ends: 'party-gone',
    call: 'yes',
    origin: 'trunkline',
    answerMs: 5_000,
    afterSound: true,
    fields: [
      field('agent_id', 'text', 'The AI agent.', { required: true, min: 1, max: 100 }),
      field('duration', 'integer', 'How long at most, ms; 0: as long as the call.', {
        default: 0,
        min: 0,
        max: TALK_MS_MAX,
      }),
      ERROR_TARGET,
    ],
  },
  ai_task: {
    label: 'Give an AI agent a task',
    help: 'An AI agent does something without a call.',
    group: 'ai',
    class: 'owes',
    ends: 'at-once',
    call: 'never',
    origin: 'voipbin',
    notYet: 'a flow without a call does not run yet',
    fields: [...ASSISTANCE],
  },
  ai_summary: {
    label: 'Summarise',
    help: 'An AI agent sums a call up.',
    group: 'ai',
    class: 'owes',
    ends: 'at-once',
    call: 'never',
    origin: 'voipbin',
    notYet: 'a flow without a call does not run yet',
    fields: [
      field('on_end_flow_id', 'text', 'A flow that begins when it is there.', { max: 100, default: '' }),
      field('reference_type', 'text', 'What is summed up.', { max: 40, default: '' }),
      field('reference_id', 'text', 'Its id.', { max: 100, default: '' }),
      LANGUAGE,
    ],
  },
} as const satisfies Record<string, Verb>
