/**
 * Lets Node load the shipping actors: a stand-in for the module `cloudflare:workers`, of which an actor uses the base class
 * alone, and the data of the speech detector as nothing, because nobody speaks in these worlds. Import it before the actors.
 */
import { registerHooks } from 'node:module'

const WORKERS = `export class DurableObject { constructor(ctx, env) { this.ctx = ctx; this.env = env } }`

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'cloudflare:workers') return next(specifier, context)
    return { url: `data:text/javascript,${encodeURIComponent(WORKERS)}`, shortCircuit: true }
  },
  load(url, context, next) {
    if (!/\.(bin|wasm)$/.test(url)) return next(url, context)
    return { format: 'module', source: 'export default new ArrayBuffer(0)', shortCircuit: true }
  },
})

// A desk answers pings of its sockets by itself; no browser is connected in these worlds.
Object.assign(globalThis, { WebSocketRequestResponsePair: class {} })
