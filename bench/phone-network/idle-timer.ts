/** A process that does nothing but wait: how late its own timers are says how late the machine is. */

const everyMs = Number(process.argv[2])
let late: number[] = []
let dueAt = performance.now() + everyMs

function strike(): void {
  const now = performance.now()
  late.push(Math.max(0, now - dueAt))
  // A late one does not make the next ones late as well.
  dueAt = Math.max(dueAt + everyMs, now)
  setTimeout(strike, dueAt - now)
}

setTimeout(strike, everyMs)
process.on('message', word => {
  if (word === 'begin') late = []
  else process.send?.(late)
})
process.once('disconnect', () => process.exit(0))
