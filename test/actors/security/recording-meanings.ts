/** Who may do what with recordings: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const RECORDINGS = {
  'GET /v1.0/recordings': { may: 'own' },
  'GET /v1.0/recordings/:recordingId': { may: 'agent-of-the-call', names: true },
  'GET /v1.0/recordings/:recordingId/peaks': { may: 'agent-of-the-call', names: true },
  'GET /v1.0/recordings/:recordingId/transcript': { may: 'agent-of-the-call', names: true },
  'GET /v1.0/recordings/:recordingId/flow': { may: 'agent-of-the-call', names: true },
  'POST /v1.0/recordings/:recordingId/transcribe': { may: 'agent-of-the-call', names: true, body: {} },
  'PUT /v1.0/recordings/:recordingId': { may: 'supervisor-of-the-call', names: true, body: { legal_hold: false } },
  'DELETE /v1.0/recordings/:recordingId': { may: 'supervisor-of-the-call', names: true },
  'GET /v1.0/recording-files/:workspaceId/:recordingId': { may: 'anyone', query: '?:signature' },
} as const
