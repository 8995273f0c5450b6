import type { BrowserCall } from './browser-call.ts'
import type { Device } from './device.ts'

/** A call that rings at every registered device of an identity. Each device gets an offer, and so a peer, of its own. */
export class Ring {
  readonly callSid: string
  private readonly branches = new Map<Device, BrowserCall>()

  constructor(callSid: string) {
    this.callSid = callSid
  }

  get size(): number {
    return this.branches.size
  }

  add(device: Device, branch: BrowserCall): void {
    this.branches.set(device, branch)
  }

  devices(): Device[] {
    return [...this.branches.keys()]
  }

  has(device: Device): boolean {
    return this.branches.has(device)
  }

  /** Does this reconnect token belong to one of the ringing devices? */
  knows(reconnectToken: string): boolean {
    return [...this.branches.values()].some(branch => branch.reconnectToken === reconnectToken)
  }

  /** Take a device's branch out of the ring, to be answered or ended. */
  take(device: Device): BrowserCall | undefined {
    const branch = this.branches.get(device)
    this.branches.delete(device)
    return branch
  }

  /** Stop ringing everywhere. */
  end(): void {
    for (const [device, branch] of this.branches) {
      device.send('cancel', { callsid: this.callSid })
      branch.end()
    }
    this.branches.clear()
  }
}
