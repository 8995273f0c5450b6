/**
 * Local mode: the SDK builds `wss://voice-js.<edge>.twilio.com/signal` and knows no plain `ws:` (hard-coded, 2.18.5), so
 * its WebSocket is subclassed and that one host is rewritten to the phone network in a box. The SDK keeps a reference to
 * `WebSocket` when its module is loaded: install this before the import.
 */
const CARRIER_SIGNALLING = /^wss:\/\/voice-js\.[^/]*(\/.*)?$/

/** `wss://voice-js.roaming.twilio.com/signal` → `ws://127.0.0.1:5070/signal`; any other address is left as it is. */
export function rewriteSignalling(url: string, signallingUrl: string): string {
  const match = CARRIER_SIGNALLING.exec(url)
  return match === null ? url : signallingUrl.replace(/\/$/, '') + (match[1] ?? '/')
}

let installed = false

export function installSocketShim(signallingUrl: string): void {
  if (installed) return
  installed = true
  const Native = window.WebSocket
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(rewriteSignalling(String(url), signallingUrl), protocols)
    }
  }
}
