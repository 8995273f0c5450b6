/** Scripted providers in place of a vendor: no network, but the same faults, so that one suite tests both. */

import { failureOfStatus } from '../../src/providers/failure.ts'
import type { Mood } from '../../src/providers/scripted.ts'
import type { Fault, Seen, VendorServer } from '../vendors/vendor-server.ts'

const vendors = new Map<string, ScriptedVendor>()
let count = 0

export interface ScriptedVendor extends VendorServer {
  /** what `cutAll` does besides */
  broken: Set<() => void>
}

export function startScripted(): Promise<VendorServer> {
  count += 1
  const vendor: ScriptedVendor = {
    url: `scripted:${count}`,
    seen: [],
    complaints: [],
    faults: [],
    broken: new Set(),
    open: 0,
    cutAll: () => {
      for (const cut of vendor.broken) cut()
    },
    stop: async () => void vendors.delete(vendor.url),
  }
  vendors.set(vendor.url, vendor)
  return Promise.resolve(vendor)
}

/** Finds the vendor of that address. If it is gone, every request to it fails. */
export function scriptedAt(url: string): { vendor: ScriptedVendor | undefined; moodOf(key: string): Mood } {
  const vendor = vendors.get(url.replace(/\/$/, ''))
  return {
    vendor,
    moodOf: key => () => {
      if (!vendor) return failureOfStatus('scripted', 503)
      vendor.seen.push({} as Seen)
      if (key !== 'test-key') {
        vendor.complaints.push('a wrong key')
        return failureOfStatus('scripted', 401)
      }
      return moodOfFault(vendor.faults.shift())
    },
  }
}

function moodOfFault(fault: Fault | undefined): ReturnType<Mood> {
  if (fault === undefined) return null
  if (fault.kind === 'status') return failureOfStatus('scripted', fault.status, fault.headers?.['Retry-After'])
  return fault.kind
}
