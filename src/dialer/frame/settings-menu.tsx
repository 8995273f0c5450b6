/** The menu for theme, shortcuts, sounds, the workspace and sign-out. */
import { ActionIcon, Button, Popover, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { IconSettings } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { signOut } from '../api.ts'
import { useDesk, usePreferences, useView } from '../desk/hooks.ts'
import { preferences } from '../desk/preferences.ts'
import { PersonName } from '../look/person-name.tsx'
import { closeDesk } from './desk-gate.tsx'

const WorkspaceList = lazy(() => import('./workspace-switch.tsx').then(part => ({ default: part.WorkspaceList })))

export function SettingsMenu() {
  return (
    <Popover position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" size={32} aria-label="Settings">
          <IconSettings size={20} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Settings">
        <div className="tl-stack">
          <SettingSwitches />
          <Suspense fallback={null}>
            <WorkspaceList />
          </Suspense>
          <SignOutButton />
        </div>
      </Popover.Dropdown>
    </Popover>
  )
}

/** Switches for theme, shortcuts and sounds, also used on the voice page. */
export function SettingSwitches() {
  // without keepTransitions the switch writes an inline <style>, which the Content-Security-Policy forbids
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const { shortcuts, sounds } = usePreferences()
  return (
    <>
      <SegmentedControl
        aria-label="Theme"
        color="petrol"
        value={colorScheme}
        onChange={value => setColorScheme(value as 'light' | 'dark' | 'auto')}
        data={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'auto', label: 'System' },
        ]}
      />
      <Switch
        label="Keyboard shortcuts"
        checked={shortcuts}
        onChange={event => preferences.set({ shortcuts: event.currentTarget.checked })}
      />
      <Switch
        label="Sounds"
        checked={sounds}
        onChange={event => preferences.set({ sounds: event.currentTarget.checked })}
      />
    </>
  )
}

function SignOutButton() {
  const desk = useDesk()
  const view = useView()
  const queries = useQueryClient()
  const navigate = useNavigate()
  async function leave() {
    try {
      await signOut()
    } catch (error) {
      desk.store.notify('problem', error instanceof Error ? error.message : 'Sign-out failed. Try again.')
      return
    }
    closeDesk()
    queries.clear()
    await navigate({ to: '/auth' })
  }
  const talking = view.conversation !== null
  return (
    <Button variant="default" disabled={talking} onClick={() => void leave()}>
      {talking ? (
        'Sign out (after the call)'
      ) : (
        <>
          Sign out <PersonName name={view.agent.name} />
        </>
      )}
    </Button>
  )
}
