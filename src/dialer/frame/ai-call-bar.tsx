/** A bar on other pages while a call to an AI agent goes on: a link back to the call, and a button that ends it. */
import { Button } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { useSyncExternalStore } from 'react'
import { useDesk } from '../desk/hooks.ts'
import { Elapsed } from '../look/elapsed.tsx'
import classes from './call-bar.module.css'

export function AiCallBar() {
  const { aiCall } = useDesk()
  const { phase, agentId, sinceMs } = useSyncExternalStore(aiCall.subscribe, aiCall.get)
  const { pathname } = useLocation()
  if (phase !== 'on' || agentId === null || pathname === `/ai/${agentId}`) return null
  return (
    <section className={classes.bar} aria-label="AI call">
      <strong>You are talking to the AI</strong>
      {sinceMs === null ? null : <Elapsed sinceMs={sinceMs} />}
      <Link to="/ai/$agentId" params={{ agentId }}>
        To the AI call
      </Link>
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => aiCall.hangUp()}>
          End the AI call
        </Button>
      </div>
    </section>
  )
}
