/** This process only waits. The lateness of its timers is the lateness of the machine. */

const everyMs = Number(process.argv[2])
let late: number[] = []
let dueAt = performance.now() + everyMs

function strike(): void {
  const now = performance.now()
  late.push(Math.max(0, now - dueAt))
  // Each timer has its own due time, so that a late one does not delay the next ones.
  dueAt = Math.max(dueAt + everyMs, now)
  setTimeout(strike, dueAt - now)
}

setTimeout(strike, everyMs)
process.on('message', word => {
  if (word === 'begin') late = []
  else process.send?.(late)
})
process.once('disconnect', () => process.exit(0))
