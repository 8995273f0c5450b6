import type { TwimlNode } from './document.ts'
import { ELEMENTS, NOT_PERFORMED } from './elements.ts'

/** Elements that Twilio has and this network does not perform are reported in the log, never ignored silently. */

export interface GrammarNote {
  code: number
  message: string
}

/** 12200 is Twilio's schema warning: https://www.twilio.com/docs/api/errors/12200 */
const SCHEMA_WARNING = 12200

function checkNode(node: TwimlNode, notes: GrammarNote[]): void {
  const known = ELEMENTS.get(node.name)
  if (known === undefined) {
    const why = NOT_PERFORMED.has(node.name)
      ? `the phone network does not perform <${node.name}>; it was skipped`
      : `Schema validation warning: <${node.name}> is not a TwiML verb; it was ignored`
    notes.push({ code: SCHEMA_WARNING, message: why })
    return
  }
  for (const attribute of Object.keys(node.attributes)) {
    if (attribute in known.attributes) continue
    const why = known.without.includes(attribute)
      ? `the phone network accepts ${attribute} of <${node.name}> without performing it`
      : `Schema validation warning: attribute ${attribute} is not allowed in <${node.name}>`
    notes.push({ code: SCHEMA_WARNING, message: why })
  }
  for (const child of node.children) {
    if (ELEMENTS.has(child.name) && !known.children.includes(child.name)) {
      notes.push({
        code: SCHEMA_WARNING,
        message: `Schema validation warning: <${child.name}> is not allowed inside <${node.name}>`,
      })
    } else checkNode(child, notes)
  }
}

/** The problems of this document that Twilio's debugger would report. */
export function checkTwiml(verbs: readonly TwimlNode[]): GrammarNote[] {
  const notes: GrammarNote[] = []
  for (const verb of verbs) checkNode(verb, notes)
  return notes
}
