/** Calls that ring at browsers: who is asked, who answers first, and when nobody is left to ask. */
import type { BrowserCall } from './browser-call.ts'
import type { Device } from './device.ts'
import { writeParams } from './frames.ts'
import { Ring } from './ring.ts'

export interface RingingCall {
  callSid: string
  from: string
  to: string
  parameters: Record<string, string>
}

export interface RingerOptions {
  newCall(device: Device): BrowserCall
  registered(identity: string): Device[]
  /** Every device has declined, or is gone, or there was none. */
  onRefused(callSid: string): void
}

export class Ringer {
  private readonly options: RingerOptions
  private readonly rings = new Map<string, Ring>()

  constructor(options: RingerOptions) {
    this.options = options
  }

  /** Ring every registered device of the identity. A busy SDK says nothing: the caller's time limit ends that. */
  ring(identity: string, call: RingingCall): void {
    const ring = new Ring(call.callSid)
    this.rings.set(call.callSid, ring)
    const devices = this.options.registered(identity)
    if (devices.length === 0) queueMicrotask(() => this.refuse(ring))
    for (const device of devices) void this.invite(ring, device, call)
  }

  /** Stop ringing everywhere. */
  end(callSid: string): void {
    this.rings.get(callSid)?.end()
    this.rings.delete(callSid)
  }

  /** The first to answer has the call, the others stop ringing; undefined when it was too late. */
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
    if (ring?.has(device)) this.dropBranch(ring, device)
  }

  /** The device's socket is gone. */
  lose(device: Device): void {
    for (const callSid of [...this.rings.keys()]) this.decline(device, callSid)
  }

  close(): void {
    for (const callSid of [...this.rings.keys()]) this.end(callSid)
  }

  private async invite(ring: Ring, device: Device, call: RingingCall): Promise<void> {
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
        },
      })
    } catch (error) {
      console.error('a browser could not be rung:', error)
      this.dropBranch(ring, device)
    }
  }

  private dropBranch(ring: Ring, device: Device): void {
    ring.take(device)?.end()
    if (ring.size === 0) this.refuse(ring)
  }

  private refuse(ring: Ring): void {
    if (this.rings.get(ring.callSid) !== ring) return
    this.rings.delete(ring.callSid)
    this.options.onRefused(ring.callSid)
  }
}
