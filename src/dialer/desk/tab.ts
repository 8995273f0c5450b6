/**
 * This tab's id. It survives a reload (the desk then knows that the same tab came back), but a duplicated tab, which the
 * browser gives a copy of sessionStorage, gets its own: the id is also a Web Lock held while the page lives.
 */
const KEY = 'trunkline.tab'

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
    void navigator.locks.request(`trunkline-${id}`, { ifAvailable: true }, lock => {
      resolve(lock !== null)
      // never released by us: the browser does it when the page goes
      return lock === null ? undefined : new Promise<void>(() => undefined)
    })
  })
}
