/** The conversation of a call for a screen: from its socket while the call may be live, then from the API. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Conversation, RunningUsage } from '../../../wire/conversation.ts'
import type { Rehearsal } from '../../../wire/scenario.ts'
import { conversationLive, getConversation } from './ai-api.ts'
import { LiveConversation, type LiveSnapshot, liveSocket } from './live-conversation.ts'
import { getRehearsal, rehearsalLive } from './scenario-api.ts'

/** A recording is ready some seconds after the call, so the conversation is read again at this interval, this many times. */
const LOOK_MS = 1_500
const LOOKS_MAX = 20

export interface Followed {
  conversation: Conversation | null
  interim: string
  usage: RunningUsage | null
  link: LiveSnapshot['link'] | 'off'
}

/** `live` false: the call was over when the screen was opened. */
export function useConversation(callId: string, live: boolean): Followed {
  const snapshot = useLive(conversationLive(callId), live)
  const over = !live || snapshot.link === 'ended'
  const awaitsRecording = (conversation: Conversation | undefined) =>
    conversation !== undefined && says(conversation, 'recording-began') && !says(conversation, 'recording')
  const read = useQuery({
    queryKey: ['conversation', callId],
    queryFn: () => getConversation(callId),
    enabled: over,
    staleTime: 0,
    refetchInterval: query =>
      awaitsRecording(query.state.data) && query.state.dataUpdateCount < LOOKS_MAX ? LOOK_MS : false,
  })
  const conversation = over ? (read.data ?? snapshot.conversation) : snapshot.conversation
  return {
    conversation,
    interim: snapshot.interim,
    usage: over ? null : snapshot.usage,
    link: live ? snapshot.link : 'off',
  }
}

/** The same for a run of a scenario; `run` is null until the run is over. */
export function useRehearsal(runId: string, live: boolean): { followed: Followed; run: Rehearsal | null } {
  const snapshot = useLive(rehearsalLive(runId), live)
  const over = !live || snapshot.link === 'ended'
  const read = useQuery({
    queryKey: ['rehearsal', runId],
    queryFn: () => getRehearsal(runId),
    enabled: over,
    staleTime: 0,
  })
  const run = over ? (read.data ?? null) : null
  const { conversation } = snapshot
  const callId = runId
  const whole = run === null ? conversation : { ...run, callId, callSid: null, live: false }
  return {
    followed: {
      conversation: whole,
      interim: snapshot.interim,
      usage: over ? null : snapshot.usage,
      link: live ? snapshot.link : 'off',
    },
    run,
  }
}

function says(conversation: Conversation, word: string): boolean {
  return conversation.entries.some(entry => entry.data.word === word)
}

function useLive(path: string, live: boolean): LiveSnapshot {
  const followed = useMemo(
    () =>
      new LiveConversation({
        open: () => liveSocket(path),
        setTimer: (run, ms) => window.setTimeout(run, ms),
        clearTimer: timer => window.clearTimeout(timer),
      }),
    [path],
  )
  useEffect(() => {
    if (!live) return
    followed.start()
    return () => followed.stop()
  }, [followed, live])
  return useSyncExternalStore(followed.subscribe, followed.get)
}
