/**
 * This tab's id. It survives a reload, so that the desk knows that the same tab came back. A duplicated tab has a copy of
 * sessionStorage and still gets an id of its own, because the id is also a Web Lock that is held while the page is open.
 */
const KEY = 'trunkline.tab'
const LET_GO_MS = 500

export async function claimTabId(): Promise<string> {
  const kept = sessionStorage.getItem(KEY)
  if (kept !== null && (await hold(kept))) return kept
  const fresh = `tab_${crypto.randomUUID()}`
  await hold(fresh)
  sessionStorage.setItem(KEY, fresh)
  return fresh
}

function hold(id: string): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true)
  return new Promise(resolve => {
    // After a reload the old page may still hold the lock, so we wait a moment before the tab counts as a duplicate.
    const options = { signal: AbortSignal.timeout(LET_GO_MS) }
    const request = navigator.locks.request(`trunkline-${id}`, options, () => {
      resolve(true)
      // We never release the lock; the browser does it when the page is closed.
      return new Promise<void>(() => undefined)
    })
    request.catch(() => resolve(false))
  })
}
