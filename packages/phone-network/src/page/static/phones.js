// @ts-check
/** The rows of pretend phones, the search above them, the race, and the developer's microphone. */
import { phone, post } from './api.js'
import { byId, setText } from './dom.js'
import { Microphone } from './microphone.js'
import { PhoneRow } from './phone-row.js'

const RACERS = 2
/** The network's name for a script that was sent together with its person. */
const NAMELESS = 'custom'

export class Phones {
  /** @param {(act: () => Promise<unknown>, done?: string) => Promise<void>} attempt @param {(text: string, kind?: 'done' | 'error') => void} tell */
  constructor(attempt, tell) {
    this.attempt = attempt
    this.tell = tell
    /** @type {Map<string, PhoneRow>} */
    this.rows = new Map()
    /** @type {Microphone | null} */
    this.microphone = null
    /** The script that a phone gets back after a call with the microphone. @type {import('./api.js').Phone | null} */
    this.borrowed = null
    /** @type {import('./api.js').World | null} */
    this.world = null
    byId('race').addEventListener('click', () => this.race())
    for (const id of ['phones-find', 'phones-active']) byId(id).addEventListener('input', () => this.filter())
  }

  /** @param {import('./api.js').World} world */
  draw(world) {
    this.world = world
    const phones = [...world.phones, ...strangers(world)]
    const calls = new Map(world.calls.map(call => [call.sid, call]))
    for (const known of phones) {
      const row = this.rows.get(known.number) ?? this.addRow(known)
      const call = known.callSid === null ? undefined : calls.get(known.callSid)
      // The network has not reached the phone yet, so it cannot be answered.
      const state = known.state === 'ringing' && call?.status !== 'ringing' ? 'dialed' : known.state
      row.draw({ ...known, state }, call?.levels ?? null, world.at, this.microphone?.callSid)
    }
    const numbers = new Set(phones.map(({ number }) => number))
    for (const [number, row] of this.rows) {
      if (numbers.has(number)) continue
      row.node.remove()
      this.rows.delete(number)
    }
    this.filter()
    this.watchMicrophone(world)
    byId('race').disabled = this.ringing().length < RACERS
  }

  /** @param {import('./api.js').Phone} known */
  addRow(known) {
    const { number } = known
    const act = (/** @type {string} */ action) => void this.attempt(() => phone(number, action))
    const row = new PhoneRow(known, {
      answer: () => act('answer'),
      busy: () => act('busy'),
      noAnswer: () => act('no-answer'),
      hangUp: () => act('hangup'),
      microphone: () => void this.attempt(() => this.talk(number)),
    })
    this.rows.set(number, row)
    byId('phones').append(row.node)
    return row
  }

  filter() {
    const wanted = byId('phones-find').value.trim().toLowerCase()
    const onlyBusy = byId('phones-active').checked
    let shown = 0
    for (const row of this.rows.values()) {
      const fits = row.words.includes(wanted) && (!onlyBusy || row.state !== 'idle')
      row.node.hidden = !fits
      if (fits) shown++
    }
    setText(byId('phones-count'), `${shown} of ${this.rows.size}`)
    byId('phones-none').hidden = shown > 0 || this.rows.size === 0
  }

  ringing() {
    return [...this.rows.values()].filter(row => row.state === 'ringing').map(row => row.number)
  }

  race() {
    const numbers = this.ringing().slice(0, RACERS)
    void this.attempt(() => post('answer-together', { numbers }), `Answered at once: ${numbers.join(' and ')}`)
  }

  /**
   * Pick up (if it rings) and speak instead of the scripted person. The person is made "manual" first, so that its
   * script does not hang up in the middle; it gets the script back when the call is over.
   * @param {string} number
   */
  async talk(number) {
    const known = this.world?.phones.find(candidate => candidate.number === number)
    const row = this.rows.get(number)
    if (!row?.callSid) return
    if (this.microphone) {
      const same = this.microphone.callSid === row.callSid
      this.stopTalking()
      if (same) return
    }
    const microphone = await Microphone.open(row.callSid, reason => this.lostMicrophone(microphone, reason))
    this.microphone = microphone
    if (known && known.kind !== 'manual') {
      await post('phones', { ...person(known), script: { kind: 'manual' } })
      // A script without a name cannot be referred to, so it cannot be restored.
      this.borrowed = known.script === NAMELESS ? null : known
    }
    if (row.state === 'ringing') await phone(number, 'answer')
  }

  /** @param {Microphone} microphone @param {string} reason */
  lostMicrophone(microphone, reason) {
    if (this.microphone !== microphone) return
    this.tell(reason, 'error')
    this.stopTalking()
  }

  stopTalking() {
    this.microphone?.close()
    this.microphone = null
    const { borrowed } = this
    this.borrowed = null
    if (borrowed) void this.attempt(() => post('phones', { ...person(borrowed), script: borrowed.script }))
  }

  /** @param {import('./api.js').World} world */
  watchMicrophone(world) {
    const { microphone } = this
    if (microphone && !world.phones.concat(strangers(world)).some(({ callSid }) => callSid === microphone.callSid)) {
      this.stopTalking()
    }
  }
}

/** @param {import('./api.js').Phone} phone */
function person({ number, name, company, timeZone }) {
  return { number, name, company, ...(timeZone && { timeZone }) }
}

/**
 * Phones that nobody defined (magic numbers, any other number) appear while they are on a call.
 * @param {import('./api.js').World} world
 * @returns {import('./api.js').Phone[]}
 */
function strangers({ phones, calls, numbers }) {
  const known = new Set([...phones, ...numbers].map(({ number }) => number))
  return calls
    .filter(({ status }) => ['ringing', 'in-progress'].includes(status))
    .map(call => ({ call, number: call.direction === 'inbound' ? call.from : call.to }))
    .filter(({ number }) => number.startsWith('+') && !known.has(number))
    .map(({ call, number }) => ({
      number,
      name: 'Any other phone',
      company: '',
      script: 'by its number',
      kind: 'human',
      state: call.status === 'in-progress' ? 'talking' : call.direction === 'inbound' ? 'calling' : 'ringing',
      callSid: call.sid,
      since: call.answeredAt ?? call.createdAt,
      says: null,
    }))
}
