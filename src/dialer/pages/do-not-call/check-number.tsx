/** May this number be called now, and if not, why not and until when? */
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiProblem, ask } from '../../api.ts'
import { stampText } from '../../desk/time.ts'
import classes from '../table.module.css'

export function CheckNumber() {
  const [number, setNumber] = useState('')
  const check = useMutation({
    mutationFn: () => ask('POST /api/clearance/checks', { body: { number: number.trim() } }),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (number.trim() !== '') check.mutate()
  }
  const { data } = check
  return (
    <section className="tl-panel tl-stack" aria-labelledby="check-title">
      <h2 id="check-title">May this number be called?</h2>
      <form onSubmit={submit} className={classes.filters}>
        <TextInput
          label="Number to check"
          type="tel"
          autoComplete="off"
          maxLength={64}
          value={number}
          onChange={event => setNumber(event.currentTarget.value)}
          error={
            check.error instanceof ApiProblem
              ? (check.error.fields[0]?.message ?? check.error.message)
              : check.error?.message
          }
        />
        <Button type="submit" variant="default" loading={check.isPending} disabled={number.trim() === ''}>
          Check
        </Button>
      </form>
      {data === undefined ? null : (
        <p role="status">
          <span className="tl-number">{data.number}</span>: {data.words}
          {data.rule === null ? null : <span className="tl-muted"> (rule {data.rule})</span>}
          {data.untilMs === null ? null : <span className="tl-muted"> Here that is {stampText(data.untilMs)}.</span>}
        </p>
      )}
    </section>
  )
}
