/** Runs one scenario from the page, or all of them one after another. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useDesk } from '../../desk/hooks.ts'
import { getRehearsal, runScenario } from './scenario-api.ts'

const LOOK_MS = 1_000

export interface Shown {
  name: string
  runId: string
}

export interface ScenarioRuns {
  /** the run that is shown below the list */
  shown: Shown | null
  show(run: Shown | null): void
  /** the progress of a run of all scenarios; null: there is none */
  all: { at: number; of: number } | null
  run(name: string): Promise<void>
  runAll(names: string[]): Promise<void>
  /** starts no further scenario; the present one goes on to its end */
  stopAll(): void
}

export function useScenarioRuns(agentId: string): ScenarioRuns {
  const { store } = useDesk()
  const queries = useQueryClient()
  const [shown, setShown] = useState<Shown | null>(null)
  const [all, setAll] = useState<ScenarioRuns['all']>(null)
  const goesOn = useRef(false)
  const stopAll = () => {
    goesOn.current = false
  }
  // When the page is left, no further scenario is started.
  useEffect(
    () => () => {
      goesOn.current = false
    },
    [],
  )

  /** Starts a run; null: it did not begin, and a notice has the reason. */
  async function begin(name: string): Promise<string | null> {
    try {
      const { runId } = await runScenario(agentId, name)
      setShown({ name, runId })
      return runId
    } catch (error) {
      store.notify('problem', error instanceof Error ? error.message : 'The scenario did not begin.')
      return null
    } finally {
      await queries.invalidateQueries({ queryKey: ['ai-scenarios', agentId] })
    }
  }

  async function runAll(names: string[]): Promise<void> {
    goesOn.current = true
    for (const [at, name] of names.entries()) {
      if (!goesOn.current) break
      setAll({ at: at + 1, of: names.length })
      const runId = await begin(name)
      if (runId === null) break
      await isOver(runId)
    }
    goesOn.current = false
    setAll(null)
    await queries.invalidateQueries({ queryKey: ['ai-scenarios', agentId] })
  }

  return {
    shown,
    show: setShown,
    all,
    run: async name => void (await begin(name)),
    runAll,
    stopAll,
  }
}

/** Resolves when the run is over, which the server ensures. A failed request is repeated. */
async function isOver(runId: string): Promise<void> {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    const run = await getRehearsal(runId).catch(() => null)
    if (run !== null && run.state !== 'running') return
  }
}
