// @ts-check
/** A pretend phone calls one of our numbers, with keys to press during the call. */
import { post } from './api.js'
import { button, byId, element, setOptions, setText } from './dom.js'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
const ROWS_HZ = [697, 770, 852, 941]
const COLUMNS_HZ = [1209, 1336, 1477]
const TONE_MS = 120

export class DialPad {
  /** @param {(act: () => Promise<unknown>, done?: string) => Promise<void>} attempt */
  constructor(attempt) {
    this.attempt = attempt
    /** @type {string | null} */
    this.callSid = null
    /** @type {AudioContext | null} */
    this.audio = null
    this.from = element('select', { id: 'dial-from' })
    this.to = element('select', { id: 'dial-to' })
    this.status = element('p', { class: 'muted', role: 'status' })
    this.call = button('Call', () => this.dial(), 'primary')
    this.end = button('Hang up', () => this.hangUp(), 'danger')
    this.keys = element(
      'div',
      { class: 'keys', role: 'group', 'aria-label': 'Keypad' },
      ...KEYS.map((key, index) => button(key, () => this.press(key, index))),
    )
    const fields = element(
      'div',
      { class: 'fields' },
      element('label', { htmlFor: 'dial-from', textContent: 'From' }),
      this.from,
      element('label', { htmlFor: 'dial-to', textContent: 'To' }),
      this.to,
      element('div', { class: 'pair' }, this.call, this.end),
      this.status,
      this.keys,
    )
    byId('dial').append(fields)
  }

  /** @param {import('./api.js').World} world */
  draw(world) {
    const { phones, numbers, calls } = world
    setOptions(
      this.from,
      phones.map(({ number, name }) => ({ value: number, label: `${name} ${number}` })),
    )
    setOptions(
      this.to,
      numbers.map(({ number }) => ({ value: number, label: number })),
    )
    const call = calls.find(({ sid }) => sid === this.callSid)
    const live = call !== undefined && ['queued', 'ringing', 'in-progress'].includes(call.status)
    this.call.disabled = live || numbers.length === 0
    this.end.disabled = !live
    for (const key of this.keys.children) key.disabled = call?.status !== 'in-progress'
    setText(this.status, this.describe(call, numbers.length))
  }

  /** @param {import('./api.js').Call | undefined} call @param {number} owned */
  describe(call, owned) {
    if (owned === 0) return 'We own no number yet.'
    if (!call) return 'Nobody is calling.'
    return `${call.from} → ${call.to}: ${call.status}`
  }

  dial() {
    const { value: from } = this.from
    const { value: to } = this.to
    void this.attempt(async () => {
      this.callSid = (await post('dial', { from, to })).callSid
    }, `${from} calls ${to}`)
  }

  hangUp() {
    const { callSid } = this
    if (callSid) void this.attempt(() => post(`calls/${callSid}/hangup`), 'Hung up')
  }

  /** @param {string} key @param {number} index */
  press(key, index) {
    this.beep(index)
    const { callSid } = this
    if (callSid) void this.attempt(() => post(`calls/${callSid}/digits`, { digits: key }))
  }

  /** The key's own tone, in this room only. @param {number} index */
  beep(index) {
    this.audio ??= new AudioContext()
    const { audio } = this
    const gain = new GainNode(audio, { gain: 0.06 })
    gain.connect(audio.destination)
    for (const frequency of [ROWS_HZ[Math.floor(index / 3)], COLUMNS_HZ[index % 3]]) {
      const oscillator = new OscillatorNode(audio, { frequency })
      oscillator.connect(gain)
      oscillator.start()
      oscillator.stop(audio.currentTime + TONE_MS / 1000)
    }
  }
}
