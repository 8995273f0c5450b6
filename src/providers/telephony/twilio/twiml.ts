/**
 * TwiML as text. It writes what the builder of the library writes (a test compares them), without a tree in between: a document is a
 * part of every answer, and the library's was a tenth of what the answer to a pressed key cost in JavaScript.
 */
export type Attributes = { readonly [name: string]: string | number | boolean | readonly string[] }

/** `inner` is TwiML already: elements, or words that `words` has escaped. */
export function element(name: string, attributes: Attributes, inner = ''): string {
  let start = `<${name}`
  for (const key in attributes) start += ` ${key}="${quoted(attributes[key] as Attributes[string])}"`
  return inner === '' ? `${start}/>` : `${start}>${inner}</${name}>`
}

export function words(text: string): string {
  return ODD_IN_WORDS.test(text) ? text.replace(ALL_ODD_IN_WORDS, nameOf) : text
}

export function documentOf(elements: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${element('Response', {}, elements.join(''))}`
}

const ODD_IN_WORDS = /[&<>\r]/
const ALL_ODD_IN_WORDS = /[&<>\r]/g
const ODD_IN_QUOTES = /[&<"\t\n\r]/
const ALL_ODD_IN_QUOTES = /[&<"\t\n\r]/g
const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

function nameOf(odd: string): string {
  return NAMES[odd] ?? odd
}

/** A list is one attribute, with spaces in between. */
function quoted(value: Attributes[string]): string {
  const text = typeof value === 'object' ? value.join(' ') : String(value)
  return ODD_IN_QUOTES.test(text) ? text.replace(ALL_ODD_IN_QUOTES, nameOf) : text
}
