/** One number of the table. */
import { NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { NumberRow as Row } from '../../../wire/api.ts'
import { ApiProblem } from '../../api.ts'
import { useDesk } from '../../desk/hooks.ts'
import classes from '../table.module.css'
import { choiceOf, type Led } from './answers.ts'
import { type Choices, lead, leadUnanswered } from './number-api.ts'

interface NumberRowProps {
  row: Row
  /** null: the number was added a moment ago */
  led: Led | null
  choices: Choices
  admin: boolean
}

export function NumberRow({ row, led, choices, admin }: NumberRowProps) {
  const { number, name, status, refusedBecause } = row
  const { store } = useDesk()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const options = optionsOf(choices)
  const value = led === null ? 'nobody' : choiceOf(led)
  const words = options.flatMap(one => ('items' in one ? one.items : [one])).find(one => one.value === value)?.label
  async function change(request: () => Promise<unknown>): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await request()
      store.notify('info', `${number} leads elsewhere from the next call on.`)
    } catch (problem) {
      setError(wordsOf(problem))
    } finally {
      await Promise.all([['numbers'], ['ai-agents']].map(queryKey => queries.invalidateQueries({ queryKey })))
      setBusy(false)
    }
  }
  const unanswered = led?.unanswered_queue_id ?? ''
  const behind = unansweredOptions(choices)
  return (
    <tr>
      <td className="tl-number">{number}</td>
      <td className={classes.wide}>{name === '' ? <span className="tl-muted">none</span> : name}</td>
      <td>
        {led?.mask_id != null ? (
          <Link to="/masks/$maskId" params={{ maskId: led.mask_id }}>
            a mask: people meet behind it
          </Link>
        ) : admin ? (
          <NativeSelect
            aria-label={`${number} leads to`}
            value={value}
            data={options}
            disabled={busy}
            error={error}
            onChange={event => {
              const chosen = event.currentTarget.value
              void change(() => lead(number, chosen))
            }}
          />
        ) : (
          (words ?? 'something that is not here any more')
        )}
        {led === null || led.user_id === null ? null : admin ? (
          <NativeSelect
            aria-label={`${number}: when nobody answers`}
            mt={4}
            value={unanswered}
            data={behind}
            disabled={busy}
            onChange={event => {
              const queueId = event.currentTarget.value
              void change(() => leadUnanswered(number, queueId === '' ? null : queueId))
            }}
          />
        ) : (
          <p className="tl-muted tl-small">{behind.find(one => one.value === unanswered)?.label}</p>
        )}
      </td>
      <td className={classes.wide}>{refusedBecause === null ? status : `Set aside: ${refusedBecause}`}</td>
    </tr>
  )
}

/** `none`: what stands for leading to nothing. */
export function optionsOf(
  { flows, queues, conferences, agents, people, extensions }: Choices,
  none = 'Nobody: the voicemail of the team',
) {
  // A flow without a version cannot answer; it is offered all the same, and the server's refusal says why.
  const groups = [
    { group: 'Flow', items: flows.map(one => ({ value: `flow ${one.id}`, label: `Flow: ${one.name}` })) },
    { group: 'Queue', items: queues.map(one => ({ value: `queue ${one.id}`, label: `Queue: ${one.name}` })) },
    { group: 'AI agent', items: agents.map(one => ({ value: `ai ${one.agentId}`, label: `AI: ${one.body.name}` })) },
    { group: 'Desk', items: people.map(one => ({ value: `desk ${one.userId}`, label: `Desk of ${one.name}` })) },
    {
      group: 'Conference',
      items: conferences.map(one => ({ value: `conference ${one.id}`, label: `Conference: ${one.name}` })),
    },
    {
      group: 'Extension',
      items: extensions.map(one => ({
        value: `extension ${one.id}`,
        label: `Extension ${one.extension}: ${one.name}`,
      })),
    },
  ]
  return [{ value: 'nobody', label: none }, ...groups.filter(({ items }) => items.length > 0)]
}

/** Where a caller goes whom the person of a desk declines or does not answer. */
function unansweredOptions({ queues }: Choices) {
  return [
    { value: '', label: 'When nobody answers: voicemail' },
    ...queues.map(one => ({ value: one.id, label: `When nobody answers: queue ${one.name}` })),
  ]
}

function wordsOf(problem: unknown): string {
  if (problem instanceof ApiProblem && problem.fields[0] !== undefined)
    return `Not changed: ${problem.fields[0].message}.`
  return problem instanceof Error ? problem.message : 'That did not work.'
}
