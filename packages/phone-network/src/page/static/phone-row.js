// @ts-check
/** One pretend phone: its person, its state, its loudness and its buttons. */
import { button, element, setText } from './dom.js'

/** Speech of 0.2 RMS fills the bar. */
const FULL_LEVEL = 0.2

/** Word, sign and look of each state, because colour alone must not tell it. @type {Record<string, [string, string, string]>} */
const STATES = {
  idle: ['Idle', '–', 'idle'],
  dialed: ['Being dialed', '…', 'idle'],
  ringing: ['Ringing', '◔', 'ringing'],
  talking: ['Talking', '●', 'live'],
  calling: ['Calling us', '→', 'calling'],
}
/** @type {Record<string, [string, string, string]>} */
const MACHINES = { voicemail: ['Voicemail', '▣', 'machine'], fax: ['Fax', '▣', 'machine'] }

/** @param {{kind: string, state: string}} phone @returns {[string, string, string]} */
function looks({ kind, state }) {
  const machine = state === 'talking' ? MACHINES[kind] : undefined
  return machine ?? STATES[state] ?? [state, '·', 'idle']
}

export class PhoneRow {
  /**
   * @param {import('./api.js').Phone} phone
   * @param {{answer(): void, busy(): void, noAnswer(): void, hangUp(): void, microphone(): void}} acts
   */
  constructor(phone, acts) {
    this.number = phone.number
    this.state = 'idle'
    /** @type {string | null} */
    this.callSid = null
    this.words = ''
    this.stateText = element('span', { class: 'state' })
    this.doing = element('span', { class: 'script' })
    this.says = meter('says')
    this.hears = meter('hears')
    this.meters = element('div', { class: 'meters', 'aria-hidden': 'true' }, this.says.node, this.hears.node)
    const named = (/** @type {string} */ label, /** @type {() => void} */ act, look = '') => {
      const node = button(label, act, look)
      node.setAttribute('aria-label', `${label}: ${phone.name} ${phone.number}`)
      return node
    }
    this.buttons = {
      answer: named('Answer', acts.answer, 'primary'),
      microphone: named('Microphone', acts.microphone),
      busy: named('Busy', acts.busy),
      noAnswer: named('No answer', acts.noAnswer),
      hangUp: named('Hang up', acts.hangUp, 'danger'),
    }
    this.name = element('span', { class: 'name' })
    const who = element('div', {}, this.name, element('span', { class: 'number mono', textContent: phone.number }))
    this.node = element(
      'li',
      { class: 'phone', tabIndex: -1 },
      who,
      element('div', {}, this.stateText, this.doing),
      this.meters,
      element('div', { class: 'buttons' }, ...Object.values(this.buttons)),
    )
  }

  /**
   * @param {import('./api.js').Phone} phone @param {{says: number, hears: number} | null} levels
   * @param {number} nowMs @param {string | undefined} microphoneOn the call that the developer speaks on
   */
  draw(phone, levels, nowMs, microphoneOn) {
    this.state = phone.state
    this.callSid = phone.callSid
    this.words = `${phone.name} ${phone.company} ${phone.number} ${phone.script}`.toLowerCase()
    const [word, sign, look] = looks(phone)
    const seconds = phone.since === null ? '' : ` ${Math.max(0, Math.floor((nowMs - phone.since) / 1000))} s`
    this.node.dataset.look = look
    setText(this.name, phone.company ? `${phone.name}, ${phone.company}` : phone.name)
    setText(this.stateText, `${sign} ${word}${seconds}`)
    setText(this.doing, phone.says ? `“${phone.says}”` : phone.script)
    this.says.set(levels?.says ?? 0)
    this.hears.set(levels?.hears ?? 0)
    this.meters.style.visibility = phone.callSid ? 'visible' : 'hidden'
    const speaking = phone.callSid !== null && microphoneOn === phone.callSid
    setText(this.buttons.microphone, speaking ? 'Stop microphone' : 'Microphone')
    this.buttons.microphone.setAttribute('aria-pressed', String(speaking))
    const ringing = phone.state === 'ringing'
    this.show({
      answer: ringing,
      busy: ringing,
      noAnswer: ringing,
      microphone: ['ringing', 'talking'].includes(phone.state),
      hangUp: ['talking', 'calling'].includes(phone.state),
    })
  }

  /** Shows and hides buttons so that the keyboard focus is not lost with a hidden one. @param {Record<string, boolean>} wanted */
  show(wanted) {
    const focused = document.activeElement
    for (const [name, node] of Object.entries(this.buttons)) node.hidden = !wanted[name]
    if (!(focused instanceof HTMLElement) || !focused.hidden || !this.node.contains(focused)) return
    const next = Object.values(this.buttons).find(node => !node.hidden)
    ;(next ?? this.node).focus({ preventScroll: true })
  }
}

/** @param {string} label */
function meter(label) {
  const bar = element('i')
  return {
    node: element('span', { class: 'meter' }, label, bar),
    /** @param {number} level */
    set: level => bar.style.setProperty('--level', Math.min(1, level / FULL_LEVEL).toFixed(2)),
  }
}
