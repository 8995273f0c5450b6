/** What the recordings of a workspace reach beyond their rows: its carrier, its files, its settings, its calls, and the speech service. */
import { parseId } from '../../core/ids.ts'
import { policyOf } from '../../core/recording/policy.ts'
import { storageOf, telephonyOf } from '../../providers/registry.ts'
import { spokenLanguage, transcriptionOf } from '../../providers/voice-registry.ts'
import type { FlowToRun } from '../books.ts'
import { answerOfStranger } from '../call/flow-outside.ts'
import type { Env } from '../env.ts'
import { stubFor } from '../stubs.ts'
import type { Outside } from './keeper.ts'

export function outsideOf(env: Env, workspaceId: string): Outside {
  return {
    telephony: () => telephonyOf(env, workspaceId),
    storage: () => storageOf(env),
    transcription: () => transcriptionOf(env),
    language: () => (transcriptionOf(env) === null ? null : spokenLanguage(env)),
    policy: async () => policyOf(await stubFor(env, 'workspace', workspaceId).settings()),
    async call(text) {
      const callId = parseId('call', text, workspaceId)
      if (callId === null) return { over: true, providerId: null }
      const { call } = await stubFor(env, 'call', callId).read()
      if (call.phase === 'empty') return { over: true, providerId: null }
      return { over: call.phase === 'over', providerId: call.providerId }
    },
    async report(of, { conferenceId, carrierId, ...news }, name) {
      const at = Date.now()
      const [room, callId] = [parseId('conference', of, workspaceId), parseId('call', of, workspaceId)]
      if (callId !== null) {
        // The call's own row had the flow before the carrier was asked.
        await stubFor(env, 'call', callId).deliver({ type: 'recording.reported', at, carrierId, ...news }, name)
        return ''
      }
      if (room === null || conferenceId === null) return ''
      const one = stubFor(env, 'room', room)
      await one.deliver({ type: 'recording.reported', at, conferenceId, ...news }, name)
      return (await one.read()).conference?.settings.onEndFlowId ?? ''
    },
    async flow(flowId, recordingId) {
      const run = { do: 'run' as const, flowId, callId: recordingId }
      const found = await stubFor(env, 'workspace', workspaceId).flow(run)
      return found === null ? null : ((JSON.parse(found) as FlowToRun).actionsJson ?? null)
    },
    asked: answerOfStranger,
    async tellFlow(of, news, name) {
      const at = Date.now()
      const [room, callId] = [parseId('conference', of, workspaceId), parseId('call', of, workspaceId)]
      if (room !== null) await stubFor(env, 'room', room).deliver({ type: 'recording.flow-moved', at, ...news }, name)
      if (callId !== null)
        await stubFor(env, 'call', callId).deliver({ type: 'recording.flow-moved', at, ...news }, name)
    },
    async isOver(text, conferenceId) {
      const room = parseId('conference', text, workspaceId)
      if (room === null) return true
      return (await stubFor(env, 'room', room).read()).carrier.conferenceId !== conferenceId
    },
    async tell(text, news, name) {
      const room = parseId('conference', text, workspaceId)
      if (room !== null)
        await stubFor(env, 'room', room).deliver({ type: 'recording.transcribed', at: Date.now(), ...news }, name)
      const callId = parseId('call', text, workspaceId)
      if (callId === null) return
      await stubFor(env, 'call', callId).deliver({ type: 'recording.transcribed', at: Date.now(), ...news }, name)
    },
  }
}
