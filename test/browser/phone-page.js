// The page of the browser tests: the unmodified SDK and functions that drive it. Loaded after /sdk.js.
/* global Twilio */

const network = document.querySelector('[data-network]').dataset.network
const soundsAt = `${network}/js/client/sounds/releases/1.0.0/`
const sounds = {
  incoming: 'incoming',
  outgoing: 'outgoing',
  disconnect: 'disconnect',
  dtmfs: 'dtmf-star',
  dtmfh: 'dtmf-hash',
}
for (const digit of '0123456789') sounds[`dtmf${digit}`] = `dtmf-${digit}`
for (const [name, file] of Object.entries(sounds)) sounds[name] = `${soundsAt}${file}.mp3`

/** Everything that device and calls report, in order: [name, detail?]. */
const heard = []
const note = (name, detail) => heard.push(detail === undefined ? [name] : [name, detail])

function follow(call, name) {
  call.on('ringing', hasEarlyMedia => note(`${name} ringing`, hasEarlyMedia))
  for (const event of ['accept', 'cancel', 'reject', 'disconnect', 'reconnecting', 'reconnected']) {
    call.on(event, () => note(`${name} ${event}`))
  }
  call.on('error', error => note(`${name} error`, error.code))
  call.on('messageReceived', message => note(`${name} message`, message))
  call.on('messageSent', () => note(`${name} message sent`))
}

let audio
/** One analyser per remote stream. */
function listen(call) {
  audio ??= new AudioContext()
  const stream = call.getRemoteStream()
  if (!stream) return null
  if (call.analyser?.stream !== stream) {
    const node = audio.createAnalyser()
    node.fftSize = 4096
    node.smoothingTimeConstant = 0
    audio.createMediaStreamSource(stream).connect(node)
    call.analyser = { stream, node }
  }
  return call.analyser.node
}

window.phone = {
  heard,
  calls: {},
  device: null,
  /** A device that notes everything. Not yet registered. */
  open(token, options = {}) {
    const device = new Twilio.Device(token, { sounds, logLevel: 'silent', publishEvents: false, ...options })
    device.on('registered', () => note('registered'))
    device.on('unregistered', () => note('unregistered'))
    device.on('error', error => note('device error', error.code))
    device.on('tokenWillExpire', () => note('token will expire'))
    device.on('incoming', call => {
      note('incoming', { ...call.parameters, custom: Object.fromEntries(call.customParameters) })
      phone.calls.incoming = call
      follow(call, 'incoming')
    })
    phone.device = device
    return device
  },
  async register(token, options) {
    const started = performance.now()
    await phone.open(token, options).register()
    return performance.now() - started
  },
  /** Brings the page to the state of one that has just been opened. */
  reset() {
    phone.device?.destroy()
    phone.device = null
    phone.calls = {}
    heard.length = 0
  },
  /** Place a call; resolves when it is open. */
  async dial(params = {}) {
    const call = await phone.device.connect({ params })
    phone.calls.outgoing = call
    follow(call, 'outgoing')
    return call
  },
  /** RMS (0…1) and loudest frequency of what the remote side sends right now. */
  ear(name) {
    const call = phone.calls[name]
    const node = call && listen(call)
    if (!node) return { rms: 0, hz: 0 }
    const wave = new Float32Array(node.fftSize)
    node.getFloatTimeDomainData(wave)
    const bins = new Float32Array(node.frequencyBinCount)
    node.getFloatFrequencyData(bins)
    const loudest = bins.indexOf(Math.max(...bins))
    return {
      rms: Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length),
      hz: (loudest * audio.sampleRate) / node.fftSize,
    }
  },
}
