/**
 * Shows the sign-in page to a person who is signed out. A signed-in person gets one `Desk` for this tab, the headset check,
 * and then the pages.
 */
import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { ApiProblem, getMe } from '../api.ts'
import { Desk } from '../desk/desk.ts'
import { DeskContext } from '../desk/hooks.ts'
import { claimTabId } from '../desk/tab.ts'
import { linkWords } from '../desk/words.ts'
import { ProblemBox } from '../look/problem-box.tsx'
import { HeadsetCheck } from '../pages/headset-check.tsx'
import classes from './frame.module.css'

const SecondFactorFirst = lazy(() => import('../pages/second-factor/first.tsx'))

let tabId: Promise<string> | null = null
let current: Desk | null = null

/** Makes one desk per page load, even if React mounts its components again. */
function openDesk(id: string, onSignedOut: () => void): Desk {
  if (current === null) {
    current = new Desk(id, onSignedOut)
    current.start()
  }
  return current
}

/** Closes the desk at sign-out or when the server reports it: the phone stops, and nothing of this person is kept. */
export function closeDesk(): void {
  current?.stop()
  current = null
}

const RETRY_MS = 2_000

function isSignedOut(error: Error | null): boolean {
  return error instanceof ApiProblem && error.status === 401
}

export function DeskGate() {
  const navigate = useNavigate()
  const me = useQuery({
    queryKey: ['me'],
    queryFn: getMe,
    // A page that is opened while the server restarts opens by itself when it is back.
    refetchInterval: ({ state: { error } }) => (error !== null && !isSignedOut(error) ? RETRY_MS : false),
  })
  const [desk, setDesk] = useState<Desk | null>(current)
  const signedOut = isSignedOut(me.error)

  useEffect(() => {
    if (signedOut) {
      closeDesk()
      void navigate({ to: '/auth' })
    }
  }, [signedOut, navigate])

  useEffect(() => {
    if (me.data === undefined || me.data.owesSecondFactor) return
    tabId ??= claimTabId()
    let left = false
    void tabId.then(id => {
      if (!left) {
        setDesk(
          openDesk(id, () => {
            closeDesk()
            window.location.assign('/app/auth')
          }),
        )
      }
    })
    return () => {
      left = true
    }
  }, [me.data])

  if (me.isError && !signedOut) {
    return (
      <main className={classes.alone}>
        <ProblemBox title={me.error.message} onRetry={() => void me.refetch()} />
      </main>
    )
  }
  if (me.data?.owesSecondFactor)
    return (
      <Suspense fallback={<Waiting words="Loading" />}>
        <SecondFactorFirst workspaceName={me.data.workspaceName} />
      </Suspense>
    )
  if (desk === null) return <Waiting words="Opening your desk" />
  return (
    <DeskContext value={desk}>
      <DeskReady desk={desk} />
    </DeskContext>
  )
}

/** Waits for the first view and shows the headset check once per tab. After a reload the phone starts by itself. */
function DeskReady({ desk }: { desk: Desk }) {
  const { view, link } = useSyncExternalStore(desk.store.subscribe, desk.store.get)
  const [reloaded] = useState(desk.headsetChecked)
  const [passed, setPassed] = useState(reloaded)
  const ready = view !== null

  useEffect(() => {
    if (ready && reloaded) desk.phone.start()
  }, [ready, reloaded, desk])

  if (!ready) {
    return link.name === 'waiting' ? (
      <main className={classes.alone}>
        <ProblemBox title={linkWords(link)} onRetry={() => desk.retryLink()}>
          The desk could not be opened. It is tried again by itself.
        </ProblemBox>
      </main>
    ) : (
      <Waiting words="Opening your desk" />
    )
  }
  if (passed) return <Outlet />
  return (
    <HeadsetCheck
      onDone={withPhone => {
        if (withPhone) desk.headsetCheckDone()
        setPassed(true)
      }}
    />
  )
}

function Waiting({ words }: { words: string }) {
  return (
    <main className={classes.alone} aria-busy>
      <Loader size="sm" aria-hidden />
      <p>{words}</p>
    </main>
  )
}
