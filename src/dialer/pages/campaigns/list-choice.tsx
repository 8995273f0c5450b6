/** Which imported list the people of a campaign come from. */
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { getImports } from '../imports/import-api.ts'

interface ListChoiceProps {
  value: string
  onChange(importId: string): void
}

export function ListChoice({ value, onChange }: ListChoiceProps) {
  const imports = useQuery({ queryKey: ['imports', 'for-campaigns'], queryFn: () => getImports(null), staleTime: 0 })
  const usable = (imports.data?.items ?? []).filter(one => one.phase === 'imported' && one.saved > 0)
  if (imports.isSuccess && usable.length === 0)
    return (
      <p className="tl-muted">
        No list is imported yet. <Link to="/imports">Import people first</Link>, or add them later.
      </p>
    )
  return (
    <NativeSelect
      label="People of this list"
      value={value}
      data={[
        { value: '', label: 'nobody for now' },
        ...usable.map(one => ({ value: one.importId, label: `${one.name} (${one.saved})` })),
      ]}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}
