/** The saved views of the call log: one click opens a view, another name keeps the filters of now. */
import { Button, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { isFiltered, keepViews, NAME_MAX, readViews, type SavedView, withView } from './saved-views.ts'
import classes from './table.module.css'

const route = getRouteApi('/desk/frame/calls')

export function SavedViewsBar() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [views, setViews] = useState(readViews)
  const [name, setName] = useState('')
  const keep = (next: SavedView[]) => {
    keepViews(next)
    setViews(next)
  }
  const isHere = (view: SavedView) => JSON.stringify(view.search) === JSON.stringify(search)
  const here = views.find(isHere)
  return (
    <div className={classes.head}>
      {views.map(view => (
        <Button
          key={view.name}
          size="compact-sm"
          variant={isHere(view) ? 'filled' : 'default'}
          aria-pressed={isHere(view)}
          onClick={() => void navigate({ search: isHere(view) ? {} : view.search, replace: true })}
        >
          {view.name}
        </Button>
      ))}
      {here === undefined ? null : (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => keep(views.filter(one => one.name !== here.name))}
        >{`Forget “${here.name}”`}</Button>
      )}
      {here === undefined && isFiltered(search) ? (
        <form
          className={classes.head}
          onSubmit={event => {
            event.preventDefault()
            keep(withView(views, { name: name.trim(), search }))
            setName('')
          }}
        >
          <TextInput
            aria-label="Name of this view"
            placeholder="Name of this view"
            maxLength={NAME_MAX}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button type="submit" size="compact-sm" variant="default" disabled={name.trim() === ''}>
            Keep these filters
          </Button>
        </form>
      ) : null}
    </div>
  )
}
