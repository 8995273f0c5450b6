/** One change at a time: what it says afterwards is a notice, and the lists that it concerns are read again. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem } from '../../api.ts'
import { useDesk } from '../../desk/hooks.ts'

export interface Change {
  busy: boolean
  /** True: it was done. */
  run(request: () => Promise<unknown>, done: string): Promise<boolean>
}

export function useChange(...lists: string[]): Change {
  const queries = useQueryClient()
  const { store } = useDesk()
  const [busy, setBusy] = useState(false)
  async function run(request: () => Promise<unknown>, done: string): Promise<boolean> {
    setBusy(true)
    try {
      await request()
      store.notify('info', done)
      return true
    } catch (error) {
      store.notify('problem', wordsOf(error))
      return false
    } finally {
      setBusy(false)
      for (const list of lists) void queries.invalidateQueries({ queryKey: [list] })
    }
  }
  return { busy, run }
}

/** What the server says, and what is wrong with which field. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'That did not work.'
  const fields = error instanceof ApiProblem ? error.fields : []
  const wrong = fields.map(({ field, message }) => `${field}: ${message}`).join('; ')
  return wrong === '' ? error.message : `${error.message} ${wrong}.`
}
