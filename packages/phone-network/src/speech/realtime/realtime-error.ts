/** Says what is wrong with a client's event: the content of an `error` event. The socket stays open. */
export class RealtimeError extends Error {
  readonly code: string | null
  readonly param: string | null
  constructor(message: string, code: string | null = 'invalid_value', param: string | null = null) {
    super(message)
    this.code = code
    this.param = param
  }
}

export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function fieldsOf(value: unknown, param: string): Fields {
  if (!isFields(value))
    throw new RealtimeError(`Invalid type for '${param}': expected an object.`, 'invalid_type', param)
  return value
}

export function textOf(value: unknown, param: string): string {
  if (typeof value === 'string') return value
  throw new RealtimeError(`Invalid type for '${param}': expected a string.`, 'invalid_type', param)
}

export function oneOf<T extends string>(value: unknown, values: readonly T[], param: string): T {
  const found = values.find(each => each === value)
  if (found !== undefined) return found
  const names = values.map(each => `'${each}'`).join(', ')
  throw new RealtimeError(`Invalid value: '${String(value)}'. Supported values are: ${names}.`, 'invalid_value', param)
}

export function numberOf(value: unknown, min: number, max: number, param: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max) return value
  throw new RealtimeError(`Invalid '${param}': expected a number from ${min} to ${max}.`, 'invalid_value', param)
}

export function onlyKnown(fields: Fields, known: readonly string[], param: string): void {
  const unknown = Object.keys(fields).find(name => !known.includes(name))
  if (unknown === undefined) return
  throw new RealtimeError(`Unknown parameter: '${param}.${unknown}'.`, 'unknown_parameter', `${param}.${unknown}`)
}
