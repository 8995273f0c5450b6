/** Numbers pasted from another list. What is no number is named with its row and kept in the field, so that it can be corrected. */
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { ProblemBox } from '../../look/problem-box.tsx'
import classes from '../table.module.css'

const ROWS_MAX = 5_000

export function ImportNumbers() {
  const queries = useQueryClient()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const rows = text
    .split(/[\n;]/)
    .map(row => row.trim())
    .filter(row => row !== '')
  const load = useMutation({
    mutationFn: () => {
      const importId = `paste-${new Date()
        .toISOString()
        .replace(/[^0-9]/g, '')
        .slice(0, 14)}`
      return ask('POST /api/do-not-call/imports', { body: { importId, numbers: rows } }).then(answer => ({
        ...answer,
        importId,
      }))
    },
    onSuccess: async answer => {
      const bad = answer.refused.map(one => rows[Number(one.field.split('.')[1])] ?? '')
      setText(bad.join('\n'))
      await queries.invalidateQueries({ queryKey: ['do-not-call'] })
    },
  })
  if (!open)
    return (
      <div>
        <Button variant="default" onClick={() => setOpen(true)}>
          Paste a list
        </Button>
      </div>
    )
  const { data } = load
  return (
    <div className="tl-stack">
      <Textarea
        label="Numbers, one in a row"
        description={`At most ${ROWS_MAX} at a time, written in any usual way.`}
        autosize
        minRows={4}
        maxRows={12}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      {load.isError ? <ProblemBox title={load.error.message} /> : null}
      {data === undefined ? null : (
        <p role="status">
          {data.added} added, {data.known} known already
          {data.refused.length === 0 ? '.' : `, ${data.refused.length} left in the field: ${data.refused[0]?.message}.`}{' '}
          Import <span className="tl-number">{data.importId}</span>.
        </p>
      )}
      <div className={classes.filters}>
        <Button
          loading={load.isPending}
          disabled={rows.length === 0 || rows.length > ROWS_MAX}
          onClick={() => load.mutate()}
        >
          Add {rows.length} {rows.length === 1 ? 'number' : 'numbers'}
        </Button>
        <Button variant="default" onClick={() => setOpen(false)}>
          Close
        </Button>
      </div>
    </div>
  )
}
