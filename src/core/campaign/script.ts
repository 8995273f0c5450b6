/**
 * A script of blocks: text with merge fields, and answers that lead to other blocks. It is text and nothing else. What is wrong with a script is
 * found when it is saved, not on the line.
 */

export const BLOCKS_MAX = 40
export const BLOCK_CHARS_MAX = 4_000
export const ANSWERS_MAX = 8

export interface ScriptBlock {
  blockId: string
  text: string
  /** `to`: the block that comes next */
  answers: { label: string; to: string }[]
}

/** What `{{name}}` may name: columns of the contact, the agent, the campaign. */
export const MERGE_FIELDS = [
  ...(['firstName', 'lastName', 'name', 'company', 'phone', 'timeZone', 'postcode', 'extension'] as const),
  ...(['attempt', 'lastNote', 'agent.name', 'campaign.name'] as const),
] as const
export type MergeField = (typeof MERGE_FIELDS)[number]
export type MergeValues = { readonly [F in MergeField]: string }

/** `{{firstName}}`, or `{{firstName|there}}` with what is said when nothing is known. */
const FIELD = /\{\{([^{}]*)\}\}/g

function isField(name: string): name is MergeField {
  return (MERGE_FIELDS as readonly string[]).includes(name)
}

function partsOf(inside: string): { name: string; fallback: string } {
  const [name = '', ...rest] = inside.split('|')
  return { name: name.trim(), fallback: rest.join('|').trim() }
}

/** Names in a text that nothing has. */
export function unknownFields(text: string): string[] {
  return [...text.matchAll(FIELD)].map(([, inside = '']) => partsOf(inside).name).filter(name => !isField(name))
}

/** A value is text: what looks like a field in it is not filled. */
export function filled(text: string, values: MergeValues): string {
  return text.replaceAll(FIELD, (whole, inside: string) => {
    const { name, fallback } = partsOf(inside)
    if (!isField(name)) return whole
    return values[name].trim() === '' ? fallback : values[name]
  })
}

interface Person {
  name: string
  company: string
  numberShown: string
  timeZone: string | null
  postcode?: string
  extension?: string
  attempt: number
  lastNote: string
}

export function mergeValues(person: Person, agentName: string, campaignName: string): MergeValues {
  const [firstName = '', ...rest] = person.name.split(' ')
  const { name, company, numberShown: phone, timeZone, postcode = '', extension = '', attempt, lastNote } = person
  return {
    ...{ firstName, lastName: rest.join(' '), name, company, phone, timeZone: timeZone ?? '', postcode, extension },
    ...{ attempt: String(attempt), lastNote, 'agent.name': agentName, 'campaign.name': campaignName },
  }
}

/** What is wrong with a script, with the place of each mistake. */
export interface ScriptMistake {
  path: (string | number)[]
  message: string
}

export function mistakesIn(blocks: readonly ScriptBlock[]): ScriptMistake[] {
  const ids = new Set(blocks.map(one => one.blockId))
  return blocks.flatMap(({ blockId, text, answers }, index) => [
    ...(blocks.findIndex(one => one.blockId === blockId) < index
      ? [{ path: [index, 'blockId'], message: 'another block has this name' }]
      : []),
    ...unknownFields(text).map(name => ({ path: [index, 'text'], message: `nothing is called {{${name}}}` })),
    ...answers.flatMap((answer, at) => [
      ...(ids.has(answer.to)
        ? []
        : [{ path: [index, 'answers', at, 'to'], message: `there is no block ${answer.to}` }]),
      ...unknownFields(answer.label).map(name => ({
        path: [index, 'answers', at, 'label'],
        message: `nothing is called {{${name}}}`,
      })),
    ]),
  ])
}
