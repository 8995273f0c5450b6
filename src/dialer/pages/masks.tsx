/** Masks: numbers of ours behind which two people reach each other, and neither sees the other's number. */
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api.ts'
import { PersonName } from '../look/person-name.tsx'
import { getMasks, makeMask } from './masks/mask-api.ts'
import { MaskForm } from './masks/mask-form.tsx'
import { ListPanel, usePages } from './paged-list.tsx'
import classes from './table.module.css'

const READ_EVERY_MS = 10_000

export function Masks() {
  return (
    <div className="tl-stack">
      <MaskList />
      <NewMask />
    </div>
  )
}

function MaskList() {
  const list = usePages(['masks'], getMasks, READ_EVERY_MS)
  return (
    <ListPanel
      title="Masks"
      list={list}
      columns={['Number', 'Name', 'Open sessions']}
      empty="There are no masks yet. Two people who call a mask reach each other, and each sees the number of the mask alone."
      row={item => (
        <tr key={item.id}>
          <td>
            <Link to="/masks/$maskId" params={{ maskId: item.id }} className={classes.who}>
              <span className="tl-number">{item.number}</span>
            </Link>
          </td>
          <td>
            <PersonName name={item.name} />
          </td>
          <td>{item.open_sessions}</td>
        </tr>
      )}
    />
  )
}

function NewMask() {
  const numbers = useQuery({
    queryKey: ['numbers', 'for-masks'],
    queryFn: () => ask('GET /v1.0/numbers', { query: { limit: 200 } }),
  })
  const [number, setNumber] = useState('')
  const free = (numbers.data?.items ?? []).filter(one => one.mask_id === null)
  const labels = free.map(one => ({
    value: one.number,
    label: one.name === '' ? one.number : `${one.number} · ${one.name}`,
  }))
  return (
    <section className="tl-panel tl-stack" aria-labelledby="new-mask-title">
      <h2 id="new-mask-title">New mask</h2>
      {numbers.isSuccess && free.length === 0 ? (
        <p className="tl-muted">
          Every number of the workspace is a mask already. <Link to="/numbers">Add a number first.</Link>
        </p>
      ) : null}
      <MaskForm
        mask={null}
        choose={
          <NativeSelect
            label="Number"
            data={[{ value: '', label: 'choose a number' }, ...labels]}
            value={number}
            onChange={event => setNumber(event.currentTarget.value)}
          />
        }
        ready={number !== ''}
        done={`${number} leads to nothing else from now on.`}
        save={async body => {
          await makeMask({ ...body, number })
          setNumber('')
        }}
      />
    </section>
  )
}
