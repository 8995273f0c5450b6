/** One call's conversation for a screen: over its socket while it may go on, from the API when it is over. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Conversation, RunningUsage } from '../../wire/conversation.ts'
import { getConversation } from './ai-api.ts'
import { LiveConversation, type LiveSnapshot, liveSocket } from './live-conversation.ts'

/** A recording is ready some seconds after the call; looked for this often, this many times. */
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
  const snapshot = useLive(callId, live)
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

function says(conversation: Conversation, word: string): boolean {
  return conversation.entries.some(entry => entry.data.word === word)
}

function useLive(callId: string, live: boolean): LiveSnapshot {
  const followed = useMemo(
    () =>
      new LiveConversation({
        open: () => liveSocket(callId),
        setTimer: (run, ms) => window.setTimeout(run, ms),
        clearTimer: timer => window.clearTimeout(timer),
      }),
    [callId],
  )
  useEffect(() => {
    if (!live) return
    followed.start()
    return () => followed.stop()
  }, [followed, live])
  return useSyncExternalStore(followed.subscribe, followed.get)
}
