/** "Talk to the AI": a real call from this browser, its buttons, words typed instead of spoken, and the conversation live. */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState, useSyncExternalStore } from 'react'
import { sessionRuns } from '../../desk/can.ts'
import { useDesk, useView } from '../../desk/hooks.ts'
import { digitOf } from '../../keys/registry.ts'
import { useKey } from '../../keys/use-keys.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { Elapsed } from '../../look/elapsed.tsx'
import { ProblemBox } from '../../look/problem-box.tsx'
import { getVoice, say } from './ai-api.ts'
import { ConversationView } from './conversation-view.tsx'
import { useConversation } from './use-conversation.ts'

export function TalkPanel({ agentId }: { agentId: string }) {
  const { aiCall } = useDesk()
  const call = useSyncExternalStore(aiCall.subscribe, aiCall.get)
  const mine = call.agentId === agentId
  return (
    <section className="tl-panel tl-stack" aria-labelledby="talk-title">
      <h2 id="talk-title">Talk to it</h2>
      <TalkStart agentId={agentId} />
      {mine && call.trouble !== null ? <ProblemBox title={call.trouble} /> : null}
      {mine && call.phase === 'on' ? <TalkControls callId={call.callId} /> : null}
      {mine && call.callId !== null ? (
        <TalkWords key={call.callId} callId={call.callId} />
      ) : (
        <p className="tl-muted">
          You call it through the telephone network, as a customer does: what you hear is what they hear. Your own line
          stays open, so it can hand you over to yourself.
        </p>
      )}
    </section>
  )
}

function TalkStart({ agentId }: { agentId: string }) {
  const { aiCall } = useDesk()
  const view = useView()
  const call = useSyncExternalStore(aiCall.subscribe, aiCall.get)
  const voice = useQuery({ queryKey: ['ai-voice'], queryFn: getVoice })
  if (call.phase === 'starting' || call.phase === 'on') {
    if (call.agentId === agentId) return call.phase === 'starting' ? <p role="status">Calling the AI …</p> : null
    return <p className="tl-muted">You talk to another AI agent at the moment. Hang up there first.</p>
  }
  const why =
    view.conversation !== null
      ? 'You are in a conversation'
      : sessionRuns(view)
        ? 'Stop the session first'
        : voice.data?.ready === false
          ? `Calls have no voice here: ${voice.data.missing.join(', ')} is not set`
          : null
  return (
    <div className="tl-row">
      <ActionButton why={why} onClick={() => void aiCall.start(agentId)} size="md">
        {call.phase === 'over' && call.agentId === agentId ? 'Talk to the AI again' : 'Talk to the AI'}
      </ActionButton>
      {why === null ? null : <span className="tl-muted tl-small">{why}</span>}
    </div>
  )
}

function TalkControls({ callId }: { callId: string | null }) {
  const { aiCall } = useDesk()
  const view = useView()
  const { muted, sinceMs } = useSyncExternalStore(aiCall.subscribe, aiCall.get)
  const mute = () => {
    aiCall.setMuted(!muted)
    return true
  }
  const hangUp = () => {
    aiCall.hangUp()
    return true
  }
  // With a person on the line the keys act on that conversation.
  const bothEnds = callId !== null && view.conversation?.callId === callId
  const alone = view.conversation === null
  useKey('mute', () => alone && mute())
  useKey('hang-up', () => alone && hangUp())
  useKey('digit', event => alone && aiCall.sendDigits(digitOf(event) ?? ''))
  useKey('keypad-extra', event => alone && aiCall.sendDigits(event.key))
  return (
    <>
      <div className="tl-row">
        <strong role="status">{bothEnds ? 'You are the caller' : 'You are talking to the AI'}</strong>
        {sinceMs === null ? null : <Elapsed sinceMs={sinceMs} />}
        <Button variant="default" aria-pressed={muted} onClick={mute}>
          {muted ? 'Unmute' : 'Mute'}
        </Button>
        <Button color="danger" onClick={hangUp}>
          Hang up{bothEnds ? ' as the caller' : ''}
        </Button>
      </div>
      {bothEnds ? (
        <p className="tl-small">The AI gave this call to you: you have both ends of it now, so you hear yourself.</p>
      ) : null}
      <Keys onPress={key => aiCall.sendDigits(key)} />
      {callId === null || bothEnds ? null : <TypeInstead callId={callId} />}
    </>
  )
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']

function Keys({ onPress }: { onPress(key: string): void }) {
  return (
    <details>
      <summary>Keypad</summary>
      <fieldset
        className="tl-row"
        aria-label="Keypad of the AI call"
        style={{ border: 0, padding: '8px 0', margin: 0 }}
      >
        {KEYS.map(key => (
          <Button key={key} variant="default" size="compact-md" className="tl-number" onClick={() => onPress(key)}>
            {key}
          </Button>
        ))}
      </fieldset>
    </details>
  )
}

const TEXT_CHARS_MAX = 600

function TypeInstead({ callId }: { callId: string }) {
  const { store } = useDesk()
  const [text, setText] = useState('')
  function send(event: FormEvent) {
    event.preventDefault()
    const words = text.trim()
    if (words === '') return
    setText('')
    say(callId, words).catch(error => {
      setText(words)
      store.notify('problem', error instanceof Error ? error.message : 'That was not said.')
    })
  }
  return (
    <form onSubmit={send} className="tl-row">
      <TextInput
        label="Type instead of speaking"
        value={text}
        maxLength={TEXT_CHARS_MAX}
        autoComplete="off"
        onChange={event => setText(event.currentTarget.value)}
        style={{ flex: 1, minWidth: 160 }}
      />
      <Button type="submit" variant="default" style={{ alignSelf: 'flex-end' }}>
        Say it
      </Button>
    </form>
  )
}

function TalkWords({ callId }: { callId: string }) {
  const followed = useConversation(callId, true)
  return (
    <ConversationView callId={callId} followed={followed}>
      {() => (
        <p className="tl-small">
          <Link to="/calls/$callId" params={{ callId }}>
            This call in the call log
          </Link>
        </p>
      )}
    </ConversationView>
  )
}
