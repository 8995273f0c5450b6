/** One change at a time: what it says afterwards is a notice, and the lists that it concerns are read again. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
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
      store.notify('problem', error instanceof Error ? error.message : 'That did not work.')
      return false
    } finally {
      setBusy(false)
      for (const list of lists) void queries.invalidateQueries({ queryKey: [list] })
    }
  }
  return { busy, run }
}
