/**
 * Prints a name. Names come from lists, carriers and people: one may hold marks that turn the direction of text round, or have no
 * space in 80 letters. Here such a mark ends with the name, and a long name stays in its box.
 */
import { withoutTurns } from './name-text.ts'
import classes from './person-name.module.css'

/** `cut`: on one line, with dots where it is too long; else it goes on in the next line. */
export function PersonName({ name, cut = false }: { name: string; cut?: boolean }) {
  return (
    <bdi className={classes.name} data-cut={cut} title={cut ? withoutTurns(name) : undefined}>
      {name}
    </bdi>
  )
}
