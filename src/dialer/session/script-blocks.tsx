/** A script of blocks: what is said now, and the answers that lead on, each with a key: Alt and its number. */
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { filled, type MergeValues, type ScriptBlock } from '../../core/campaign/script.ts'
import classes from './script-blocks.module.css'

interface ScriptBlocksProps {
  blocks: readonly ScriptBlock[]
  values: MergeValues
}

export function ScriptBlocks({ blocks, values }: ScriptBlocksProps) {
  const [path, setPath] = useState<readonly string[]>([])
  const id = path.at(-1) ?? blocks[0]?.blockId
  // The settings may have changed since: a block that is gone begins the script anew.
  const block = blocks.find(one => one.blockId === id) ?? blocks[0]
  const answers = block?.answers ?? []
  const back = () => setPath(path.slice(0, -1))
  useAltDigit(place => {
    const to = answers[place - 1]?.to
    if (place === 0 && path.length > 0) back()
    else if (to !== undefined) setPath([...path, to])
  })
  if (block === undefined) return null
  return (
    <div className={classes.script}>
      <p className={classes.text} aria-live="polite">
        {filled(block.text, values)}
      </p>
      <div className={classes.answers}>
        {answers.map(({ label, to }, index) => (
          <Button
            key={`${label} ${to}`}
            variant="default"
            size="compact-md"
            classNames={{ label: classes.answer }}
            aria-keyshortcuts={`Alt+${index + 1}`}
            title={`Alt ${index + 1}`}
            onClick={() => setPath([...path, to])}
          >
            {filled(label, values)}
          </Button>
        ))}
        {path.length === 0 ? null : (
          <Button variant="subtle" size="compact-md" aria-keyshortcuts="Alt+0" title="Alt 0" onClick={back}>
            Back
          </Button>
        )}
      </div>
    </div>
  )
}

/** Alt and a digit of the row. The code counts, because Alt makes other signs of the digits on some keyboards. */
function useAltDigit(act: (digit: number) => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const [, digit] = /^Digit([0-8])$/.exec(event.code) ?? []
      if (digit === undefined || !event.altKey || event.ctrlKey || event.metaKey) return
      // Where somebody types, Alt and a digit may be a sign.
      if (event.target instanceof Element && event.target.closest('input, textarea') !== null) return
      event.preventDefault()
      act(Number(digit))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [act])
}
