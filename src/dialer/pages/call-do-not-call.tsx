/** On the page of a call: its person asked not to be called again. */
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { useDesk } from '../desk/hooks.ts'
import { ProblemBox } from '../look/problem-box.tsx'

export function CallDoNotCall({ callId, number }: { callId: string; number: string }) {
  const { store } = useDesk()
  const queries = useQueryClient()
  const key = ['do-not-call', 'number', number]
  const listed = useQuery({
    queryKey: key,
    queryFn: () => ask('GET /api/do-not-call', { query: { q: number } }),
    select: ({ items }) => items.some(one => one.number === number && one.campaignId === null),
    staleTime: 0,
  })
  const add = useMutation({
    mutationFn: () => ask('POST /api/do-not-call', { body: { number, note: `call ${callId}` } }),
    onSuccess: async () => {
      store.notify('info', `${number} is on the do-not-call list.`)
      await queries.invalidateQueries({ queryKey: ['do-not-call'] })
    },
  })
  if (listed.data === true) return <Link to="/do-not-call">On the do-not-call list</Link>
  return (
    <>
      <Button variant="default" size="compact-sm" loading={add.isPending} onClick={() => add.mutate()}>
        Do not call again
      </Button>
      {add.isError ? <ProblemBox title={add.error.message} /> : null}
    </>
  )
}
