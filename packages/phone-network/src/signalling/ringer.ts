/** Calls that ring at browsers: which devices ring, which answers first, and when none is left. */
import type { RingingClient } from '../media/plane.ts'
import type { BrowserCall } from './browser-call.ts'
import type { Device } from './device.ts'
import { writeParams } from './frames.ts'
import { Ring } from './ring.ts'

/** Limit of devices that ring at one time: each has a peer connection, and so a socket, of its own. */
export const MAX_BRANCHES = 300

export interface RingerOptions {
  newCall(device: Device): BrowserCall
  registered(identity: string): Device[]
  /** Called when every device has declined or is gone, or when there was none. */
  onRefused(callSid: string, how: 'declined' | 'gone'): void
  onTrouble(callSid: string, code: number, message: string): void
}

export class Ringer {
  private readonly options: RingerOptions
  private readonly rings = new Map<string, Ring>()

  constructor(options: RingerOptions) {
    this.options = options
  }

  /** Ring every registered device of the identity. A busy SDK stays silent, and the caller's time limit ends that. */
  ring(identity: string, call: RingingClient): void {
    const ring = new Ring(call.callSid)
    this.rings.set(call.callSid, ring)
    const devices = this.options.registered(identity)
    if (devices.length === 0) queueMicrotask(() => this.refuse(ring, 'gone'))
    for (const device of devices) void this.invite(ring, device, call)
  }

  /** Stop ringing everywhere. */
  end(callSid: string): void {
    this.rings.get(callSid)?.end()
    this.rings.delete(callSid)
  }

  /** The first device to answer gets the call, and the others stop ringing. Undefined when it was too late. */
  answer(device: Device, callSid: string): BrowserCall | undefined {
    const call = this.rings.get(callSid)?.take(device)
    if (call) this.end(callSid)
    return call
  }

  /** Does this reconnect token belong to a device at which the call rings? */
  knows(callSid: string, reconnectToken: string): boolean {
    return this.rings.get(callSid)?.knows(reconnectToken) ?? false
  }

  decline(device: Device, callSid: string): void {
    const ring = this.rings.get(callSid)
    if (ring?.has(device)) this.dropBranch(ring, device, 'declined')
  }

  /** The device's socket is gone. */
  lose(device: Device): void {
    for (const ring of [...this.rings.values()]) if (ring.has(device)) this.dropBranch(ring, device, 'gone')
  }

  /** The devices at which the call rings. */
  devices(callSid: string): Device[] {
    return this.rings.get(callSid)?.devices() ?? []
  }

  close(): void {
    for (const callSid of [...this.rings.keys()]) this.end(callSid)
  }

  private async invite(ring: Ring, device: Device, call: RingingClient): Promise<void> {
    if (this.branches() >= MAX_BRANCHES) {
      this.options.onTrouble(ring.callSid, 31005, `calls ring at more than ${MAX_BRANCHES} browsers: one is not rung`)
      if (ring.size === 0) queueMicrotask(() => this.refuse(ring, 'gone'))
      return
    }
    const branch = this.options.newCall(device)
    ring.add(device, branch)
    try {
      const sdp = await branch.peer.offer()
      if (branch.ended) return
      device.send('invite', {
        callsid: call.callSid,
        sdp,
        reconnect: branch.reconnectToken,
        parameters: {
          CallSid: call.callSid,
          AccountSid: device.claims?.accountSid,
          From: call.from,
          To: call.to,
          ApiVersion: '2010-04-01',
          Params: writeParams(call.parameters),
          ...(call.stirStatus === undefined ? {} : { StirStatus: call.stirStatus }),
        },
      })
    } catch (error) {
      this.options.onTrouble(ring.callSid, 31005, `a browser could not be rung: ${String(error)}`)
      this.dropBranch(ring, device, 'gone')
    }
  }

  private branches(): number {
    let count = 0
    for (const ring of this.rings.values()) count += ring.size
    return count
  }

  private dropBranch(ring: Ring, device: Device, how: 'declined' | 'gone'): void {
    ring.take(device)?.end()
    if (ring.size === 0) this.refuse(ring, how)
  }

  private refuse(ring: Ring, how: 'declined' | 'gone'): void {
    if (ring.size > 0 || this.rings.get(ring.callSid) !== ring) return
    this.rings.delete(ring.callSid)
    this.options.onRefused(ring.callSid, how)
  }
}
