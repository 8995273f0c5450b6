import type { TwimlNode } from './document.ts'
import { ELEMENTS, type Element, NOT_PERFORMED } from './elements.ts'
import { valueProblem } from './values.ts'

/** Elements that Twilio has and this network does not perform are reported in the log, never ignored silently. */

export interface GrammarNote {
  code: number
  message: string
}

/** 12200 is Twilio's schema warning: https://www.twilio.com/docs/api/errors/12200 */
const SCHEMA_WARNING = 12200

/** Elements whose content is other elements or nothing. In all others the text is what is said, dialled or fetched. */
const WITHOUT_TEXT = new Set(
  'Pause Hangup Reject Leave Refer Echo Gather Connect Start Stop Record Stream Recording Transcription Parameter Language'.split(
    ' ',
  ),
)

function warning(what: string): GrammarNote {
  return { code: SCHEMA_WARNING, message: `Schema validation warning: ${what}` }
}

function strayText(where: string, text: string): GrammarNote {
  return warning(`text is not allowed in <${where}>: "${text.slice(0, 60)}"`)
}

/** Text beside nouns is nothing that could be dialled. */
function mayHoldText({ name, children }: TwimlNode): boolean {
  return !WITHOUT_TEXT.has(name) && !(name === 'Dial' && children.length > 0)
}

type Elements = ReadonlyMap<string, Element>

function checkNode(node: TwimlNode, notes: GrammarNote[], elements: Elements): void {
  const known = elements.get(node.name)
  if (known === undefined) {
    const why = NOT_PERFORMED.has(node.name)
      ? `the phone network does not perform <${node.name}>; it was skipped`
      : `Schema validation warning: <${node.name}> is not a TwiML verb; it was ignored`
    notes.push({ code: SCHEMA_WARNING, message: why })
    return
  }
  if (node.text !== '' && !mayHoldText(node)) notes.push(strayText(node.name, node.text))
  for (const [attribute, value] of Object.entries(node.attributes)) {
    if (attribute in known.attributes) {
      const problem = valueProblem(node.name, attribute, value)
      if (problem !== null) notes.push(warning(problem))
      continue
    }
    const why = known.without.includes(attribute)
      ? `the phone network accepts ${attribute} of <${node.name}> without performing it`
      : `Schema validation warning: attribute ${attribute} is not allowed in <${node.name}>`
    notes.push({ code: SCHEMA_WARNING, message: why })
  }
  for (const child of node.children) {
    if (elements.has(child.name) && !known.children.includes(child.name)) {
      notes.push(warning(`<${child.name}> is not allowed inside <${node.name}>`))
    } else checkNode(child, notes, elements)
  }
}

/** The problems of this document that Twilio's debugger would report; `text` stands among its verbs. */
export function checkTwiml(verbs: readonly TwimlNode[], text = '', elements: Elements = ELEMENTS): GrammarNote[] {
  const notes: GrammarNote[] = text === '' ? [] : [strayText('Response', text)]
  for (const verb of verbs) checkNode(verb, notes, elements)
  return notes
}
