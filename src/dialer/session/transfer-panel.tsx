/**
 * Hands the person on the line over. They hear music, and nothing else changes for them, until the colleague has said yes; until then
 * the agent may take them back. Or the agent asks first, and speaks with the colleague or the number before the person does.
 */
import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Conversation } from '../../wire/desk.ts'
import { ask } from '../api.ts'
import { busyWords, STATUS, useAgents } from '../desk/colleagues.ts'
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import { PersonName } from '../look/person-name.tsx'
import { ProblemBox } from '../look/problem-box.tsx'
import { ConsultBar } from './consult-bar.tsx'
import classes from './transfer-panel.module.css'
import { stayedWords } from './transfer-words.ts'

type To = { kind: 'agent'; agentId: string } | { kind: 'queue'; queueId: string } | { kind: 'number'; number: string }
type Target = NonNullable<Conversation['transfer']>['target']

function useQueues(enabled: boolean) {
  return useQuery({ queryKey: ['queues'], queryFn: () => ask('GET /v1.0/queues', { query: { limit: 200 } }), enabled })
}

export function TransferPanel({ onDone }: { onDone(): void }) {
  const { agent, conversation } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const agents = useAgents(true)
  const queues = useQueues(true)
  const callId = conversation?.callId ?? ''
  const why = whyNot('call.transfer', callId)
  const whyAsk = whyNot('call.ask-first', callId)
  const hand = (to: To, askFirst = false) => {
    void act({ type: 'call.transfer', callId, to, askFirst }).then(answer => {
      if (answer.ok) onDone()
    })
  }
  const others = (agents.data?.items ?? []).filter(one => one.user_id !== agent.userId)
  const failed = agents.isError ? agents.error : queues.isError ? queues.error : null
  return (
    <section className="tl-stack" aria-label="Hand over">
      {failed === null ? null : <ProblemBox title={failed.message} onRetry={() => void agents.refetch()} />}
      <ul className={classes.list} aria-label="Colleagues">
        {others.map(one => (
          <li key={one.id} className={classes.row}>
            <span className={classes.who}>
              <PersonName name={one.name} /> <span className="tl-muted">{STATUS[one.status]}</span>
            </span>
            <ActionButton
              why={whyAsk ?? busyWords(one)}
              onClick={() => hand({ kind: 'agent', agentId: one.id }, true)}
              variant="default"
              size="compact-sm"
              label={`Ask first: ${one.name}`}
            >
              Ask first
            </ActionButton>
            <ActionButton
              why={why ?? busyWords(one)}
              onClick={() => hand({ kind: 'agent', agentId: one.id })}
              variant="default"
              size="compact-sm"
              label={`Hand over to ${one.name}`}
            >
              Hand over
            </ActionButton>
          </li>
        ))}
      </ul>
      {agents.isSuccess && others.length === 0 ? <p className="tl-muted">Nobody else is in the team yet.</p> : null}
      <ToQueue queues={queues.data?.items ?? []} why={why} onHand={queueId => hand({ kind: 'queue', queueId })} />
      <ToNumber why={why} whyAsk={whyAsk} onHand={(number, askFirst) => hand({ kind: 'number', number }, askFirst)} />
    </section>
  )
}

interface ToQueueProps {
  queues: readonly { id: string; name: string }[]
  why: string | null
  onHand(queueId: string): void
}

function ToQueue({ queues, why, onHand }: ToQueueProps) {
  if (queues.length === 0) return null
  return (
    <>
      <ul className={classes.list} aria-label="Queues">
        {queues.map(({ id, name }) => (
          <li key={id} className={classes.row}>
            <span className={classes.who}>
              <PersonName name={name} /> <span className="tl-muted">queue</span>
            </span>
            <ActionButton
              why={why}
              onClick={() => onHand(id)}
              variant="default"
              size="compact-sm"
              label={`Hand over to the queue ${name}`}
            >
              Hand over
            </ActionButton>
          </li>
        ))}
      </ul>
      <p className="tl-muted tl-small">
        A queue has no “Ask first”: who takes the person there is not known before they are taken. Ask a colleague or a
        number, or hand over at once.
      </p>
    </>
  )
}

interface ToNumberProps {
  why: string | null
  whyAsk: string | null
  onHand(number: string, askFirst: boolean): void
}

function ToNumber({ why, whyAsk, onHand }: ToNumberProps) {
  const [number, setNumber] = useState('')
  const given = number.trim()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (why === null && given !== '') onHand(given, false)
  }
  return (
    <form className={classes.number} onSubmit={submit}>
      <TextInput
        label="Another number"
        placeholder="+1 415 555 0100"
        inputMode="tel"
        className={classes.field}
        value={number}
        onChange={event => setNumber(event.currentTarget.value)}
      />
      <div className={classes.row}>
        <ActionButton
          why={given === '' ? 'Give a number first' : whyAsk}
          onClick={() => onHand(given, true)}
          variant="default"
          size="sm"
          label="Ask first: this number"
        >
          Ask first
        </ActionButton>
        <Button type="submit" variant="default" size="sm" disabled={why !== null || given === ''}>
          Hand over
        </Button>
      </div>
    </form>
  )
}

/** While somebody is being handed over, and what came of it. */
export function TransferState() {
  const { conversation } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const transfer = conversation?.transfer
  const queues = useQueues(transfer?.target.to === 'queue')
  const agents = useAgents(transfer?.target.to === 'desk')
  if (conversation === null) return null
  if (transfer === undefined) {
    return conversation.stayed === undefined ? null : (
      <p role="status" className="tl-small">
        {stayedWords(conversation.stayed)}
      </p>
    )
  }
  const nameOf = (target: Target): string => {
    if (target.to === 'number') return target.number
    if (target.to === 'queue') return queues.data?.items.find(one => one.id === target.queueId)?.name ?? 'a queue'
    return agents.data?.items.find(one => target.deskId.endsWith(`_${one.id}`))?.name ?? 'a colleague'
  }
  if (transfer.phase !== undefined) return <ConsultBar who={nameOf(transfer.target)} />
  return (
    <div role="status" className={classes.row}>
      <span className={classes.who}>
        Handing over to <PersonName name={nameOf(transfer.target)} /> <Elapsed sinceMs={transfer.sinceMs} />
      </span>
      <ActionButton
        why={whyNot('call.take-back', conversation.callId)}
        onClick={() => void act({ type: 'call.take-back', callId: conversation.callId })}
        size="compact-sm"
      >
        Take back
      </ActionButton>
    </div>
  )
}
