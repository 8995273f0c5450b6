// @ts-check
/** Every webhook that the network has sent, with its answer, and on request the REST requests that it got. */
import { byId, element } from './dom.js'

/** Older ones leave the page; the network itself keeps more. */
const SHOWN_MAX = 300

/** @typedef {{seq: number, at: number, kind: string, webhook?: string, method: string, url?: string, path?: string, fields: Record<string, unknown>, attempt?: number, status: number | null, code?: number | null, response?: string, ms: number, fault: string | null, error?: string | null, callSid?: string | null}} Entry */

export class Happenings {
  constructor() {
    this.list = byId('happenings')
    this.lastSeq = -1
    /** @type {EventSource | null} */
    this.source = null
    for (const id of ['happenings-find', 'happenings-rest']) byId(id).addEventListener('input', () => this.filter())
    byId('happenings-clear').addEventListener('click', () => {
      this.list.replaceChildren()
      this.filter()
    })
  }

  /** Called with every view of the world. A smaller number than before means a new network. @param {number} newest */
  follow(newest) {
    if (this.source && this.source.readyState !== EventSource.CLOSED && newest >= this.lastSeq) return
    this.source?.close()
    if (newest < this.lastSeq) {
      this.list.replaceChildren()
      this.lastSeq = -1
    }
    const since = this.lastSeq < 0 ? Math.max(0, newest - SHOWN_MAX * 4) : this.lastSeq
    this.source = new EventSource(`/_/events?since=${since}`)
    this.source.onmessage = event => this.take(JSON.parse(event.data))
  }

  /** @param {Entry} entry */
  take(entry) {
    this.lastSeq = Math.max(this.lastSeq, entry.seq)
    if (entry.kind !== 'webhook' && entry.kind !== 'rest') return
    const item = draw(entry)
    this.list.prepend(item)
    while (this.list.childElementCount > SHOWN_MAX) this.list.lastElementChild.remove()
    this.filterOne(item)
    byId('happenings-none').hidden = true
  }

  filter() {
    for (const item of this.list.children) this.filterOne(item)
    byId('happenings-none').hidden = this.list.childElementCount > 0
  }

  /** @param {HTMLElement} item */
  filterOne(item) {
    const wanted = byId('happenings-find').value.trim().toLowerCase()
    const { words = '', kind } = item.dataset
    item.hidden = !words.includes(wanted) || (kind === 'rest' && !byId('happenings-rest').checked)
  }
}

/** @param {Entry} entry */
function draw(entry) {
  const where = entry.url ?? entry.path ?? ''
  const failed = entry.error != null || (entry.status ?? 0) >= 400
  const answer = entry.status === null ? '—' : String(entry.status)
  const event = eventOf(entry)
  const badges = [entry.fault, (entry.attempt ?? 1) > 1 ? `try ${entry.attempt}` : null].filter(Boolean)
  const summary = element(
    'summary',
    {},
    element('span', { class: 'mono', textContent: clock(entry.at) }),
    element('span', {
      class: 'method',
      textContent: `${entry.method} ${entry.kind === 'rest' ? 'REST' : entry.webhook}`,
    }),
    element(
      'span',
      {},
      event,
      ...badges.flatMap(text => [' ', element('span', { class: 'badge', textContent: text })]),
    ),
    element('span', { class: 'where mono', textContent: shortened(where) }),
    element('span', { class: 'answer', textContent: answer, ...(failed && { 'data-bad': '' }) }),
    element('span', { class: 'mono muted', textContent: `${Math.round(entry.ms)} ms` }),
  )
  const details = element('details', {}, summary)
  // Most are never opened, so the inside is built on the first opening.
  details.addEventListener('toggle', () => details.append(inside(entry, where)), { once: true })
  const item = element('li', {}, details)
  item.dataset.kind = entry.kind
  item.dataset.words = `${entry.callSid ?? ''} ${event} ${entry.webhook ?? 'rest'} ${answer} ${where}`.toLowerCase()
  return item
}

/** @param {Entry} entry @param {string} where */
function inside(entry, where) {
  const empty = Object.keys(entry.fields).filter(name => entry.fields[name] === '')
  const fields = Object.entries(entry.fields)
    .filter(([name]) => !empty.includes(name))
    .flatMap(([name, value]) => [
      element('dt', { textContent: name }),
      element('dd', { class: 'mono', textContent: Array.isArray(value) ? value.join(', ') : String(value) }),
    ])
  if (empty.length > 0) {
    fields.push(
      element('dt', { textContent: 'empty' }),
      element('dd', { class: 'muted', textContent: empty.join(', ') }),
    )
  }
  const answer = entry.error ?? (entry.response === undefined ? null : entry.response || 'Empty answer.')
  return element(
    'div',
    { class: 'details' },
    element('div', {}, element('h3', { textContent: where }), element('dl', {}, ...fields)),
    ...(answer === null
      ? []
      : [
          element(
            'div',
            {},
            element('h3', { textContent: 'Answer' }),
            element('pre', { tabIndex: 0, textContent: answer }),
          ),
        ]),
  )
}

/** The subject of the request, in the vendor's own word. @param {Entry} entry */
function eventOf({ fields, webhook, code }) {
  const named = fields.StatusCallbackEvent ?? fields.AnsweredBy ?? fields.CallStatus ?? fields.Status
  if (code) return `error ${code}`
  return String((webhook === 'amd' ? fields.AnsweredBy : named) ?? '')
}

/** @param {string} where */
function shortened(where) {
  return where.replace(/^https?:\/\/[^/]+/, '').replace(/^\/2010-04-01\/Accounts\/AC\w+/, '…')
}

/** @param {number} at */
function clock(at) {
  const date = new Date(at)
  return `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
