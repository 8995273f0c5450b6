// @ts-check
/** Functions that build and change the document. Text is only inserted as text, never as markup. */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] `on…` are listeners, `class`, `data-…`, `aria-…` attributes, the rest properties
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') node.addEventListener(name.slice(2), /** @type {EventListener} */ (value))
    else if (name === 'class' || name.includes('-')) node.setAttribute(name, String(value))
    else Reflect.set(node, name, value)
  }
  node.append(...children)
  return node
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const node = document.getElementById(id)
  if (!node) throw new Error(`no #${id} in the page`)
  return node
}

/** Write only what has changed: screen readers and selections are left alone. @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** @param {string} name @param {() => void} act @param {string} [look] */
export function button(name, act, look = '') {
  return element('button', { type: 'button', textContent: name, class: look, onclick: act })
}

/**
 * The options of a select, replaced only when they differ, the choice kept when it still exists.
 * @param {any} select @param {{value: string, label: string}[]} options
 */
export function setOptions(select, options) {
  const key = JSON.stringify(options)
  if (select.dataset.key === key) return
  const chosen = select.value
  select.dataset.key = key
  select.replaceChildren(...options.map(({ value, label }) => element('option', { value, textContent: label })))
  if (options.some(option => option.value === chosen)) select.value = chosen
}
