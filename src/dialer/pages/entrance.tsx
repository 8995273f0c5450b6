/** The card before the desk: sign-in, and the link of an invitation. */
import type { ReactNode } from 'react'
import classes from './sign-in.module.css'

export function Entrance({ children }: { children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/icons/trunkline.svg" width={40} height={40} alt="" />
          <h1>Trunkline</h1>
        </div>
        {children}
      </div>
    </main>
  )
}
