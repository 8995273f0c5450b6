/** The conversation on the call page, if the call has one, and the supervisor's actions while the call is live. */
import { ConversationView } from './conversation-view.tsx'
import { Supervision } from './supervision.tsx'
import { useConversation } from './use-conversation.ts'

/** `over`: the call log says that the call has ended; a call may be live before the log knows of it. */
export default function CallConversation({ callId, over }: { callId: string; over: boolean }) {
  const followed = useConversation(callId, !over)
  const { conversation, link } = followed
  if (conversation === null || conversation.entries.length === 0) return null
  const live = link === 'open' || link === 'connecting' || link === 'lost'
  return (
    <section className="tl-panel tl-stack" aria-labelledby="conversation-title">
      <h2 id="conversation-title">Conversation</h2>
      <ConversationView callId={callId} followed={followed}>
        {story => (live ? <Supervision callId={callId} has={story.with} /> : null)}
      </ConversationView>
    </section>
  )
}
