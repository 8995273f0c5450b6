/** What an extension rings when a phone at the carrier dials it: its phones, or what it leads to. */
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ShownExtension } from '../../../wire/extension.ts'
import { choiceOf, leadOf } from '../numbers/answers.ts'
import { optionsOf } from '../numbers/number-row.tsx'
import { useChange } from '../team/use-change.ts'
import { changeExtension, getChoices } from './extension-api.ts'

const ITS_PHONES = 'Its phones'

export function ExtensionLead({ item }: { item: ShownExtension }) {
  const change = useChange('extensions')
  const choices = useQuery({ queryKey: ['extension-choices'], queryFn: getChoices })
  if (choices.data === undefined) return <span className="tl-muted">{ITS_PHONES}</span>
  const value = choiceOf({ ...item, user_id: null, extension_id: null })
  function choose(chosen: string) {
    const { flow_id, queue_id, conference_id, agent_id } = leadOf(chosen)
    const body = Object.fromEntries(
      Object.entries({ flow_id, queue_id, conference_id, agent_id }).filter(([, id]) => id !== undefined),
    )
    void change.run(() => changeExtension(item.id, body), `${item.extension} rings that from the next call on.`)
  }
  return (
    <NativeSelect
      aria-label={`Extension ${item.extension} rings`}
      size="xs"
      miw={170}
      value={value}
      data={optionsOf(choices.data, ITS_PHONES)}
      disabled={change.busy}
      onChange={event => choose(event.currentTarget.value)}
    />
  )
}
