import type { Conversation } from '../../wire/desk.ts'

const STAYED: Record<NonNullable<Conversation['stayed']>, string> = {
  declined: 'Your colleague declined. The person is still with you.',
  left: 'Whoever you asked has left. The person is back with you.',
  'no-answer': 'Your colleague did not answer. The person is still with you.',
  'not-there': 'Your colleague is not free. The person is still with you.',
  'not-cleared': 'A calling rule forbids that number. The person is still with you.',
  'taken-back': 'You have taken the person back.',
  failed: 'That did not work. The person is still with you.',
}

/** What the last attempt to hand somebody over came to. */
export function stayedWords(stayed: NonNullable<Conversation['stayed']>): string {
  return STAYED[stayed]
}
