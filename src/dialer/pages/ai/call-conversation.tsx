/** The conversation on the call page, if the call has one, and the supervisor's actions while the call is live. */

import type { ConversationEntry } from '../../../wire/conversation.ts'
import { ConversationView, type SoundBeside } from './conversation-view.tsx'
import { Supervision } from './supervision.tsx'
import { useConversation } from './use-conversation.ts'

/** `over`: the call log says that the call has ended; a call may be live before the log knows of it. */
export default function CallConversation({
  callId,
  over,
  sound,
  listed,
}: {
  callId: string
  over: boolean
  sound: SoundBeside | null
  /** the page lists the recordings, and this view plays none of its own */
  listed: boolean
}) {
  const followed = useConversation(callId, !over)
  const { conversation, link } = followed
  if (conversation === null || conversation.entries.length === 0) return null
  if (listed && !conversation.entries.some(isSaid)) return null
  const live = link === 'open' || link === 'connecting' || link === 'lost'
  return (
    <section className="tl-panel tl-stack" aria-labelledby="conversation-title">
      <h2 id="conversation-title">Conversation</h2>
      <ConversationView callId={callId} followed={followed} sound={sound} ownPlayer={!listed}>
        {story => (live ? <Supervision callId={callId} has={story.with} /> : null)}
      </ConversationView>
    </section>
  )
}

/** That there is a recording is said above; a call of two people has no other words. */
function isSaid({ data }: ConversationEntry): boolean {
  return data.word !== 'recording'
}
