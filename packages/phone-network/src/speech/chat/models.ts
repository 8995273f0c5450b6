import { openAiRefusal } from '../answering.ts'
import type { Script } from '../dialogue/script-file.ts'

/**
 * The script that answers, and its disturbance: `demo`, `demo:qualify`, `demo:slow`, `demo:qualify:slow`; any `gpt-…`
 * is `demo`.
 */

export const VARIANTS = ['slow', 'silent', 'endless', 'error', 'busy', 'cut', 'unknown-tool', 'bad-arguments'] as const
export type Variant = (typeof VARIANTS)[number]

export const DEFAULT_SCRIPT = 'reception'

/** Throws the vendor's 404 for a model that does not exist. */
export function modelOf(
  name: string,
  scripts: ReadonlyMap<string, Script>,
): { script: Script; variant: Variant | null } {
  const missing = openAiRefusal(
    404,
    `The model \`${name}\` does not exist or you do not have access to it.`,
    null,
    'model_not_found',
  )
  const [family = '', ...rest] = name.split(':')
  if (family !== 'demo' && !/^(gpt-|o\d|chatgpt-)/.test(family)) throw missing
  const parts = family === 'demo' ? rest : []
  let script = scripts.get(DEFAULT_SCRIPT)
  let variant: Variant | null = null
  for (const part of parts) {
    const found = VARIANTS.find(each => each === part)
    if (found !== undefined) variant = found
    else if (scripts.has(part)) script = scripts.get(part)
    else throw missing
  }
  if (!script) throw missing
  return { script, variant }
}

/** `GET /v1/models` */
export function modelList(scripts: ReadonlyMap<string, Script>): unknown {
  const names = ['demo', ...[...scripts.keys()].map(name => `demo:${name}`), ...VARIANTS.map(name => `demo:${name}`)]
  return { object: 'list', data: names.map(id => ({ id, object: 'model', created: 0, owned_by: 'demo' })) }
}
