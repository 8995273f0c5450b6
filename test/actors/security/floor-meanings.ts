/** Who may say what to an agent at their desk: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const FLOOR = {
  'POST /v1.0/agents/:userId/messages': { may: 'supervisor', names: true, body: { text: 'Well done.' } },
  'POST /v1.0/agents/:userId/state': { may: 'supervisor', names: true, body: { state: 'paused', reason: 'Stand-up' } },
} as const
