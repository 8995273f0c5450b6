/** Somebody is asked first: who hears whom, and what the agent may do. Which moves go when is the server's table, which the view carries. */
import { useAct, useView, useWhyNot } from '../desk/hooks.ts'
import { ActionButton } from '../look/action-button.tsx'
import { Elapsed } from '../look/elapsed.tsx'
import classes from './consult-bar.module.css'
import { askingWords } from './consult-words.ts'

const MOVES = ['swap', 'merge', 'complete', 'cancel'] as const
const WORDS = { swap: 'Swap', merge: 'Merge', complete: 'Complete', cancel: 'Cancel' } as const

/** `who`: the name of whoever is asked. */
export function ConsultBar({ who }: { who: string }) {
  const { conversation } = useView()
  const act = useAct()
  const whyNot = useWhyNot()
  const { phase, sinceMs } = conversation?.transfer ?? {}
  if (conversation === null || phase === undefined || sinceMs === undefined) return null
  const { callId, contact } = conversation
  return (
    <section className={classes.bar} aria-label="Ask first" data-phase={phase}>
      <p role="status" className={classes.words}>
        {askingWords(phase, who, contact.name)} <Elapsed sinceMs={sinceMs} />
      </p>
      <div className={classes.moves}>
        {MOVES.map(move => (
          <ActionButton
            key={move}
            why={whyNot(`transfer.${move}`, callId)}
            onClick={() => void act({ type: `transfer.${move}`, callId })}
            variant={move === 'complete' ? 'filled' : 'default'}
            size="compact-md"
          >
            {WORDS[move]}
          </ActionButton>
        ))}
      </div>
    </section>
  )
}
