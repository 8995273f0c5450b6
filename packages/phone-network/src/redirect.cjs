'use strict'
/**
 * Lets an unmodified program take the phone network for Twilio:
 *
 *   PHONE_NETWORK=127.0.0.1:5071 NODE_OPTIONS="--require @trunkline/phone-network/redirect" node program.js
 *
 * With PHONE_NETWORK_OPENAI=1 api.openai.com is turned too, to the network's own speech services.
 * TLS connections to Twilio's hosts go to the phone network's TLS port instead; all others are left alone. It catches
 * the `twilio` package (axios over https), `ws` and the built-in fetch, because all of them end in `tls.connect`.
 */
const { syncBuiltinESMExports } = require('node:module')
const tls = require('node:tls')

const TWILIO = /(^|\.)(twilio\.com|twiliocdn\.com|twimlets\.com)$/i
const OPENAI = /^api\.openai\.com$/i
const NETWORK = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/

const wanted = process.env.PHONE_NETWORK
const network = NETWORK.exec(wanted ?? '')
if (!network) {
  // Without this check a test's calls would go to the real Twilio.
  throw new Error(`PHONE_NETWORK must be like 127.0.0.1:5071 (on this machine), not ${wanted}`)
}
/** OpenAI's own host is left alone unless the program is to talk without a key. */
const withOpenAi = process.env.PHONE_NETWORK_OPENAI === '1'
const isTurned = name => TWILIO.test(name) || (withOpenAi && OPENAI.test(name))
const host = network[1].replace(/[[\]]/g, '')
const port = Number(network[2])
const connect = tls.connect

/** The three forms of `tls.connect`: (options), (port, options), (port, host, options), each with a callback. */
function optionsOf(args) {
  const [first] = args
  const given = args.find(arg => typeof arg === 'object' && arg !== null) ?? {}
  if (typeof first !== 'number' && typeof first !== 'string') return given
  return { ...given, port: Number(first), ...(typeof args[1] === 'string' ? { host: args[1] } : {}) }
}

tls.connect = function redirected(...args) {
  const options = optionsOf(args)
  const name = options.servername || options.host || ''
  // A socket that is given is connected already (through a proxy) and cannot be redirected.
  if (!isTurned(name) || options.socket) return connect.apply(this, args)
  const callback = args.find(arg => typeof arg === 'function')
  // The network's certificate is made at each start and trusted by nobody. The check is skipped only for Twilio's hosts,
  // and only for the connection to this machine.
  const turned = { ...options, host, port, path: undefined, servername: name, rejectUnauthorized: false }
  return connect.call(this, turned, callback)
}
syncBuiltinESMExports()
