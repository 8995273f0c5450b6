/** The agents of a queue, chosen by name, in the order in which they are asked. */
import { Button, NativeSelect } from '@mantine/core'
import { useContext, useState } from 'react'
import { deskName } from '../../../core/ids.ts'
import type { MemberRow } from '../../../wire/api.ts'
import classes from '../ai/agent-form.module.css'
import { FieldsContext, replaced, Text, without } from '../ai/form-fields.tsx'
import type { MemberDraft } from './queue-draft.ts'

interface MemberFieldsProps {
  members: MemberDraft[]
  people: readonly MemberRow[]
  onChange(members: MemberDraft[]): void
}

export function MemberFields({ members, people, onChange }: MemberFieldsProps) {
  const { readOnly } = useContext(FieldsContext)
  const names = new Map(people.map(one => [deskName(one.userId), one.name]))
  const others = people.filter(one => !members.some(member => member.agentId === deskName(one.userId)))
  return (
    <section className="tl-panel tl-stack" aria-labelledby="agents-title">
      <h2 id="agents-title">Agents</h2>
      {members.length === 0 ? <p className="tl-muted">Nobody. Callers wait, and nobody takes them.</p> : null}
      {members.map((member, at) => {
        const name = names.get(member.agentId) ?? member.agentId
        return (
          <div key={member.agentId} className={classes.item}>
            <Text
              path={`members.${at}`}
              label={`Skills of ${name}`}
              placeholder="English 1, sales 2"
              description="1 is the best level"
              value={member.skills}
              onChange={skills => onChange(replaced(members, at, { skills }))}
            />
            {readOnly ? null : (
              <Button variant="default" className={classes.remove} onClick={() => onChange(without(members, at))}>
                Remove<span className="tl-hidden"> {name}</span>
              </Button>
            )}
          </div>
        )
      })}
      {readOnly || others.length === 0 ? null : (
        <AddAgent people={others} onAdd={agentId => onChange([...members, { agentId, skills: '' }])} />
      )}
    </section>
  )
}

function AddAgent({ people, onAdd }: { people: readonly MemberRow[]; onAdd(agentId: string): void }) {
  const [chosen, setChosen] = useState('')
  // Whoever was chosen before may have become a member.
  const userId = people.some(one => one.userId === chosen) ? chosen : (people[0]?.userId ?? '')
  return (
    <div className={classes.pair}>
      <NativeSelect
        label="Agent to add"
        value={userId}
        data={people.map(one => ({ value: one.userId, label: one.name }))}
        onChange={event => setChosen(event.currentTarget.value)}
      />
      <Button variant="default" onClick={() => onAdd(deskName(userId))}>
        Add the agent
      </Button>
    </div>
  )
}
