/** Running scenarios from the page: one, or all of them one after another. */
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
  /** whose run stands below the list */
  shown: Shown | null
  show(run: Shown | null): void
  /** of a run of all: the place in the list; null: there is none */
  all: { at: number; of: number } | null
  run(name: string): Promise<void>
  runAll(names: string[]): Promise<void>
  /** the one at hand is held to its end */
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
  // Who leaves the page starts no further ones.
  useEffect(
    () => () => {
      goesOn.current = false
    },
    [],
  )

  /** Null: it did not begin, and somebody was told why. */
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

/** The server ends every run in its time; a question that fails is asked again. */
async function isOver(runId: string): Promise<void> {
  for (;;) {
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    const run = await getRehearsal(runId).catch(() => null)
    if (run !== null && run.state !== 'running') return
  }
}
