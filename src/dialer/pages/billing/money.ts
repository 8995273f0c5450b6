/** Money as people read and type it, exact to the micro (a millionth): numbers with a point are never calculated with. */
const MICROS = 1_000_000
const TYPED = /^(-?)(\d{1,9})(?:[.,](\d{1,6}))?$/

/** `-0.0204` and at least two places: -0.0204, 10.00, 0.000001 */
export function amountText(micros: number): string {
  const whole = Math.floor(Math.abs(micros) / MICROS)
  const rest = String(Math.abs(micros) % MICROS).padStart(6, '0')
  const places = rest.replace(/0{1,4}$/, '')
  return `${micros < 0 ? '−' : ''}${whole}.${places}`
}

export function moneyOf(micros: number, currency: string): string {
  return `${amountText(micros)} ${currency}`
}

/** Null: it is not an amount, or has more than six places. */
export function readMicros(text: string): number | null {
  const [, minus, whole = '', places = ''] = TYPED.exec(text.trim().replace('−', '-')) ?? []
  if (whole === '') return null
  const micros = Number(whole) * MICROS + Number(places.padEnd(6, '0'))
  return minus === '-' && micros !== 0 ? -micros : micros
}

/** What stands in a field: without the places that are nothing. */
export function typedText(micros: number): string {
  return amountText(micros).replace('−', '-').replace(/\.00$/, '')
}
