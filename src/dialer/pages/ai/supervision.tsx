/** A supervisor's actions on an AI agent's call: words to the model, taking the call, and giving it back. */
import { TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Reason } from '../../desk/can.ts'
import { useDesk, usePhone, useView } from '../../desk/hooks.ts'
import { ActionButton } from '../../look/action-button.tsx'
import { handBack, takeOver, whisper } from './ai-api.ts'
import type { Story } from './talk-story.ts'

const TEXT_CHARS_MAX = 600

export function Supervision({ callId, has }: { callId: string; has: Story['with'] }) {
  const view = useView()
  const phone = usePhone()
  const { store } = useDesk()
  const [asking, setAsking] = useState(false)
  const supervises = view.agent.role !== 'agent'
  const talks = has === 'ai' || has === 'asked'
  const noRight = supervises ? null : 'This needs the role supervisor'
  const ask = (request: Promise<unknown>, done: string) => {
    setAsking(true)
    request
      .then(() => store.notify('info', done))
      .catch(error => store.notify('problem', error instanceof Error ? error.message : 'That did not work.'))
      .finally(() => setAsking(false))
  }
  const whyTake: Reason =
    noRight ??
    (has === 'asked'
      ? 'A colleague is being asked already'
      : has === 'ai'
        ? null
        : 'The AI does not have this call now') ??
    (phone.line === 'open' ? null : 'Your line is not open')
  return (
    <section className="tl-stack" aria-label="Supervision">
      <Whisper callId={callId} why={noRight ?? (talks ? null : 'The AI does not have this call now')} />
      <div className="tl-row">
        <ActionButton
          why={whyTake ?? (asking ? 'Asking' : null)}
          variant="default"
          onClick={() => ask(takeOver(callId), 'Your desk rings: accept there, and the caller joins your line.')}
        >
          Take over
        </ActionButton>
        <ActionButton
          why={has === 'colleague' ? null : 'The AI has not given this call away'}
          variant="default"
          onClick={() => ask(handBack(callId), 'The AI has the call again.')}
        >
          Hand back to the AI
        </ActionButton>
      </div>
    </section>
  )
}

function Whisper({ callId, why }: { callId: string; why: Reason }) {
  const { store } = useDesk()
  const [text, setText] = useState('')
  const empty = text.trim() === '' ? 'Type a sentence first' : null
  function send() {
    const words = text.trim()
    if (why !== null || words === '') return
    setText('')
    whisper(callId, words).catch(error => {
      setText(words)
      store.notify('problem', error instanceof Error ? error.message : 'The AI did not get it.')
    })
  }
  function submit(event: FormEvent) {
    event.preventDefault()
    send()
  }
  return (
    <form onSubmit={submit} className="tl-row">
      <TextInput
        label="Whisper to the AI"
        description="It follows this; the caller does not hear it."
        value={text}
        maxLength={TEXT_CHARS_MAX}
        autoComplete="off"
        onChange={event => setText(event.currentTarget.value)}
        style={{ flex: 1, minWidth: 180 }}
      />
      <ActionButton why={why ?? empty} variant="default" onClick={send} style={{ alignSelf: 'flex-end' }}>
        Whisper
      </ActionButton>
    </form>
  )
}
