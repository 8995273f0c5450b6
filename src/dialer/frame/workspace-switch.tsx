/** The workspaces of this person: the one that the sign-in is in, the others to go to, and a new one for whoever may make it. */
import { Button, Popover, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ask } from '../api.ts'
import { useDesk, useView } from '../desk/hooks.ts'
import { enterWorkspace, WORKSPACES } from '../desk/workspaces.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import classes from './top-bar.module.css'

/** In the top bar, where there is room for it. */
export function WorkspaceMenu() {
  const { data } = useQuery(WORKSPACES)
  const current = data?.items.find(one => one.current)
  if (data === undefined || current === undefined || (data.items.length < 2 && !data.mayMake)) return null
  return (
    <Popover position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={`${classes.pill} ${classes.workspace}`}
          aria-label={`Workspace ${current.name}`}
        >
          <span>{current.name}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Workspaces">
        <WorkspaceList />
      </Popover.Dropdown>
    </Popover>
  )
}

/** Nothing for whoever belongs to one workspace and may make none. */
export function WorkspaceList() {
  const { data } = useQuery(WORKSPACES)
  const desk = useDesk()
  const talking = useView().conversation !== null
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  if (data === undefined || (data.items.length < 2 && !data.mayMake)) return null
  async function run(what: () => Promise<void>) {
    setBusy(true)
    setProblem(null)
    try {
      await what()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'That did not work. Try again.')
      setBusy(false)
    }
  }
  return (
    <section className="tl-stack" aria-label="Workspaces">
      {problem === null ? null : <ProblemBox title={problem} />}
      {data.items.map(({ workspaceId, name, current }) =>
        current ? (
          <p key={workspaceId}>
            You are in <b>{name}</b>.
          </p>
        ) : (
          <Button
            key={workspaceId}
            variant="default"
            disabled={busy || talking}
            onClick={() => void run(() => enterWorkspace(desk, workspaceId))}
          >
            Go to {name}
            {talking ? ' (after the call)' : ''}
          </Button>
        ),
      )}
      {data.mayMake ? (
        <NewWorkspace
          disabled={busy || talking}
          onMake={name =>
            void run(async () => {
              const { workspaceId } = await ask('POST /api/workspaces', { body: { name } })
              await enterWorkspace(desk, workspaceId)
            })
          }
        />
      ) : null}
    </section>
  )
}

function NewWorkspace({ disabled, onMake }: { disabled: boolean; onMake(name: string): void }) {
  const [name, setName] = useState('')
  function make(event: FormEvent) {
    event.preventDefault()
    onMake(name.trim())
  }
  return (
    <form className="tl-stack" aria-label="A new workspace" onSubmit={make}>
      <TextInput
        label="A new workspace"
        placeholder="Its name"
        maxLength={120}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={disabled || name.trim() === ''}>
        Make it and go there
      </Button>
    </form>
  )
}
