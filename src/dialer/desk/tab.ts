/**
 * This tab's id. It survives a reload (the desk then knows that the same tab came back), but a duplicated tab, which the
 * browser gives a copy of sessionStorage, gets its own: the id is also a Web Lock held while the page lives.
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
    // after a reload the old page may still be letting go: wait a moment before the tab counts as a duplicate
    const options = { signal: AbortSignal.timeout(LET_GO_MS) }
    const request = navigator.locks.request(`trunkline-${id}`, options, () => {
      resolve(true)
      // never released by us: the browser does it when the page goes
      return new Promise<void>(() => undefined)
    })
    request.catch(() => resolve(false))
  })
}
