// @ts-check
/** Texts: a pretend phone sends one to our number, and the newest of both directions are listed. */
import { post } from './api.js'
import { button, byId, element, setOptions } from './dom.js'

export class Texts {
  /** @param {(act: () => Promise<unknown>, done?: string) => Promise<void>} attempt */
  constructor(attempt) {
    this.attempt = attempt
    this.from = element('select', { id: 'text-from' })
    this.to = element('select', { id: 'text-to' })
    this.body = element('input', {
      id: 'text-body',
      type: 'text',
      maxLength: 1600,
      autocomplete: 'off',
      required: true,
    })
    this.send = button('Send', () => this.form.requestSubmit(), 'primary')
    this.form = element(
      'form',
      { class: 'fields', onsubmit: this.submit.bind(this) },
      element('label', { htmlFor: 'text-from', textContent: 'Sender' }),
      this.from,
      element('label', { htmlFor: 'text-to', textContent: 'Receiver' }),
      this.to,
      element('label', { htmlFor: 'text-body', textContent: 'Text' }),
      this.body,
      element('div', { class: 'pair' }, this.send),
    )
    this.list = element('ul', { class: 'plain', 'aria-label': 'Newest texts' })
    this.none = element('p', { class: 'empty', textContent: 'No text yet.' })
    byId('texts').append(this.form, this.list, this.none)
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault()
    const [from, to, body] = [this.from.value, this.to.value, this.body.value]
    if (body === '') return
    void this.attempt(async () => {
      await post('texts', { from, to, body })
      this.body.value = ''
    }, `${from} has sent a text to ${to}`)
  }

  /** @param {import('./api.js').World} world */
  draw({ phones, numbers, texts }) {
    setOptions(
      this.from,
      phones.map(({ number, name }) => ({ value: number, label: `${name} ${number}` })),
    )
    setOptions(
      this.to,
      numbers.map(({ number }) => ({ value: number, label: number })),
    )
    this.send.disabled = numbers.length === 0
    this.none.hidden = texts.length > 0
    const key = JSON.stringify(texts)
    if (this.list.dataset.key === key) return
    this.list.dataset.key = key
    this.list.replaceChildren(
      ...texts.map(({ from, to, body, status }) =>
        element(
          'li',
          {},
          element('span', { class: 'mono', textContent: `${from} → ${to}` }),
          ` ${status}`,
          element('br'),
          element('q', { textContent: body }),
        ),
      ),
    )
  }
}
