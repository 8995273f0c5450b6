// Plain JavaScript for any node >= 20: it is used before anything is installed.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** A process that waits for a lock looks at it again after this time, ms. */
export const LOOK_MS = 250
/** An older one was left by a process that is gone, whoever has its id now. */
const OLD_MS = 20 * 60_000

export const pause = ms => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** True: the lock is ours, until `letGo`. The file has the id of the process that holds it. */
export function take(file) {
  const own = String(process.pid)
  mkdirSync(path.dirname(file), { recursive: true })
  try {
    writeFileSync(file, own, { flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isHeld(file)) rmSync(file, { force: true })
    return false
  }
  // Another process that removes an old lock at this moment may remove ours instead, so we look whether ours is still there.
  pause(LOOK_MS / 2)
  return existsSync(file) && readFileSync(file, 'utf8') === own
}

export function letGo(file) {
  rmSync(file, { force: true })
}

/** Does the process that stands there still run? */
function isHeld(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'))
    if (Date.now() - statSync(file).mtimeMs > OLD_MS) return false
    process.kill(holder, 0)
    return true
  } catch (error) {
    // EPERM: it runs under another user. ENOENT: it has just ended, and the next look takes it.
    return error.code === 'EPERM'
  }
}
