// @ts-check
/** Controls for the calls per second and for faults. */
import { ask, post } from './api.js'
import { button, byId, element, setText } from './dom.js'

const PACES = [1, 4]
/** @type {[string, unknown][]} */
const FAULTS = [
  ['Delay webhooks 800 ms', { on: 'status', what: 'delay', ms: 800 }],
  ['Send status twice', { on: 'status', what: 'duplicate' }],
  ['Reorder status', { on: 'status', what: 'reorder', ms: 600 }],
  ['Lose “completed”', { on: 'status', what: 'drop', match: { CallStatus: 'completed' } }],
  ['Answer webhook fails once', { on: 'voice', what: '5xx', next: 1 }],
  ['Slow REST 3 s', { on: 'rest', what: 'slow', ms: 3000 }],
  ['REST 429 once', { on: 'rest', what: '429', next: 1 }],
  ['Next answer pulls a second along', { what: 'double-answer', next: 1 }],
]

export class Switches {
  /** @param {(act: () => Promise<unknown>, done?: string) => Promise<void>} attempt */
  constructor(attempt) {
    this.paces = PACES.map(cps => {
      const input = element('input', {
        type: 'radio',
        name: 'cps',
        value: String(cps),
        onchange: () => void attempt(() => post('cps', { cps }), `${cps} calls per second`),
      })
      return { cps, input, node: element('label', { class: 'inline' }, input, `${cps} per second`) }
    })
    this.otherPace = element('span', { class: 'muted' })
    this.active = element('ul', { class: 'plain' })
    this.none = element('p', { class: 'muted', textContent: 'No fault is switched on.' })
    this.clear = button('End all faults', () => void attempt(() => ask('DELETE', 'faults'), 'All faults ended'))
    const choices = FAULTS.map(([name, fault]) => button(name, () => void attempt(() => post('faults', fault), name)))
    byId('switches').append(
      element(
        'div',
        { class: 'fields' },
        element(
          'fieldset',
          {},
          element('legend', { textContent: 'New calls start at' }),
          element('div', { class: 'choices' }, ...this.paces.map(({ node }) => node), this.otherPace),
        ),
        element(
          'fieldset',
          {},
          element('legend', { textContent: 'Make it go wrong' }),
          element('div', { class: 'choices' }, ...choices),
        ),
        this.none,
        this.active,
        this.clear,
      ),
    )
  }

  /** @param {import('./api.js').World} world */
  draw({ cps, faults, doubleAnswers }) {
    for (const pace of this.paces) pace.input.checked = pace.cps === cps
    setText(this.otherPace, PACES.includes(cps) ? '' : `now ${cps} per second`)
    const lines = faults.map(describe)
    if (doubleAnswers > 0) lines.push(`the next ${doubleAnswers} answers pull a second along`)
    this.none.hidden = lines.length > 0
    this.clear.disabled = lines.length === 0
    const key = JSON.stringify(lines)
    if (this.active.dataset.key === key) return
    this.active.dataset.key = key
    this.active.replaceChildren(...lines.map(textContent => element('li', { textContent })))
  }
}

/** @param {import('./api.js').World['faults'][number]} fault */
function describe({ on, what, next, probability, ms, match }) {
  const parts = [`${on}: ${what}`]
  if (['delay', 'reorder', 'slow', 'duplicate'].includes(what)) parts.push(`${ms} ms`)
  if (next !== null) parts.push(`${next} more`)
  if (probability < 1) parts.push(`${Math.round(probability * 100)} %`)
  for (const [field, value] of Object.entries(match)) parts.push(`${field} = ${value}`)
  return parts.join(', ')
}
