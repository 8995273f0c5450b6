/** What a person sees whose workspace wants a second factor and who has none: the set-up, before anything else. */
import { Button } from '@mantine/core'
import { signOut } from '../../api.ts'
import classes from '../sign-in.module.css'
import { SecondFactorSetUp } from './set-up.tsx'

export default function SecondFactorFirst({ workspaceName }: { workspaceName: string }) {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <h1>A second factor first</h1>
        <p>{workspaceName} wants that everybody signs in with a password and a code from their phone.</p>
        <SecondFactorSetUp onDone={() => window.location.assign('/app/')} />
        <Button variant="default" onClick={() => void signOut().finally(() => window.location.assign('/app/auth'))}>
          Sign out
        </Button>
      </div>
    </main>
  )
}
