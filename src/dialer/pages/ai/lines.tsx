/** The box with the lines of a conversation. */
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './conversation-view.module.css'

/** The list of lines. It scrolls to the newest line, unless the reader has scrolled up. */
export function Lines({
  count,
  interim,
  label,
  children,
}: {
  count: number
  interim: string
  label: string
  children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  // The box scrolls only if there is a new line or new words.
  useEffect(() => {
    if (follows.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [count, interim])
  return (
    <section
      ref={box}
      className={classes.lines}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < 40
      }}
    >
      <ol className={classes.list}>{children}</ol>
      {interim === '' ? null : (
        <p className={classes.interim} data-testid="interim">
          <span className={classes.who}>Caller</span> <span>{interim} …</span>
        </p>
      )}
      {count === 0 && interim === '' ? <p className="tl-muted">Nothing has been said yet.</p> : null}
    </section>
  )
}
