/** React hooks of the desk. They only read stores and send commands. */
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import type { PhoneSnapshot } from '../phone/port.ts'
import { type ActionName, type Reason, whyNot } from './can.ts'
import type { Desk } from './desk.ts'
import type { Answer } from './link.ts'
import { type Preferences, preferences } from './preferences.ts'
import type { DeskSnapshot } from './store.ts'

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('a desk screen is outside of its provider')
  return desk
}

export function useSnapshot(): DeskSnapshot {
  const { store } = useDesk()
  return useSyncExternalStore(store.subscribe, store.get)
}

/** Returns the view. It throws outside of `DeskReady`, which waits for the first view. */
export function useView(): DeskView {
  const { view } = useSnapshot()
  if (view === null) throw new Error('no view yet')
  return view
}

export function usePhone(): PhoneSnapshot {
  const { phone } = useDesk()
  return useSyncExternalStore(phone.subscribe, phone.get)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(preferences.subscribe, preferences.get)
}

/** Returns a function that gives the reason why an action is not possible now; null: it is allowed. */
export function useWhyNot(): (action: ActionName, callId?: string) => Reason {
  const { link, view, pending } = useSnapshot()
  const phone = usePhone()
  return (action, callId) =>
    view === null ? 'No connection to the server' : whyNot(action, { link: link.name, view, phone, pending, callId })
}

export function useAct(): (action: DeskAction) => Promise<Answer> {
  const desk = useDesk()
  return useCallback(action => desk.act(action), [desk])
}

/** Returns the server's time for display and renders the component again every `everyMs`. */
export function useServerNow(everyMs = 1000): number {
  const { clockOffsetMs } = useSnapshot()
  const [, tick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => tick(n => n + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return Date.now() + clockOffsetMs
}
