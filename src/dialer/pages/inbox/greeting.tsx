/** What callers hear before the tone: one's own words, and for whoever leads the team those of queues and of the workspace. */
import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { deskName } from '../../../core/ids.ts'
import type { DeskView } from '../../../wire/desk.ts'
import { useDesk } from '../../desk/hooks.ts'
import { getQueues } from '../queues/queue-api.ts'
import { type Entry, getGreetings, saveGreeting } from './inbox-api.ts'

type Kind = Entry['box']['kind']
const CHARS_MAX = 600

export default function Greeting({ agent }: { agent: DeskView['agent'] }) {
  const leads = agent.role !== 'agent'
  const queues = useQuery({ queryKey: ['queues'], queryFn: getQueues, enabled: leads })
  const greetings = useQuery({ queryKey: ['voicemail-greetings'], queryFn: getGreetings })
  const mine = `person ${deskName(agent.userId)}`
  const [box, setBox] = useState(mine)
  const boxes = [
    { value: mine, label: 'When you do not answer' },
    ...(leads ? [{ value: 'workspace ', label: 'The whole workspace' }] : []),
    ...(queues.data?.items ?? []).map(one => ({ value: `queue ${one.id}`, label: `Queue ${one.name}` })),
  ]
  const known = greetings.data?.items.find(one => `${one.box.kind} ${one.box.id}` === box)?.text ?? ''
  if (greetings.data === undefined) return null
  return (
    <details>
      <summary>Greeting</summary>
      <div className="tl-stack">
        {leads ? (
          <NativeSelect
            label="Whose greeting"
            value={box}
            data={boxes}
            onChange={event => setBox(event.currentTarget.value)}
          />
        ) : null}
        <Words key={`${box} ${known}`} box={box} known={known} />
      </div>
    </details>
  )
}

function Words({ box, known }: { box: string; known: string }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const [text, setText] = useState(known)
  const [error, setError] = useState<string | null>(null)
  const [kind = 'person', id = ''] = box.split(' ', 2)
  async function save(): Promise<void> {
    setError(null)
    try {
      await saveGreeting(kind as Kind, id, text)
      store.notify('info', 'Callers hear these words from the next call on.')
      await queries.invalidateQueries({ queryKey: ['voicemail-greetings'] })
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : 'That did not work. Try again.')
    }
  }
  return (
    <>
      <Textarea
        label="Words before the tone"
        description="A voice says them. Empty: the usual words with the name of your company."
        maxLength={CHARS_MAX}
        autosize
        minRows={2}
        value={text}
        error={error}
        onChange={event => setText(event.currentTarget.value)}
      />
      <div>
        <Button disabled={text === known} onClick={() => void save()}>
          Save the greeting
        </Button>
      </div>
    </>
  )
}
