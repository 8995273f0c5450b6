/** Fills a campaign's script with the person on the line. */
import type { LaneContact } from '../../wire/desk.ts'

/**
 * `{{firstName}}` and `{first_name}` are the same. Unknown names stay as written, so that a mistake in a script can be
 * seen. If nobody is on the line, all names stay.
 */
export function fillScript(script: string, contact: LaneContact | null, agentName: string): string {
  if (contact === null) return script
  const [firstName = contact.name, ...rest] = contact.name.split(' ')
  const values: Record<string, string> = {
    name: contact.name,
    fullname: contact.name,
    firstname: firstName,
    lastname: rest.join(' '),
    company: contact.company,
    phone: contact.numberShown,
    number: contact.numberShown,
    agent: agentName,
    agentname: agentName,
  }
  return script.replaceAll(/\{\{?\s*([a-z_ -]+?)\s*\}?\}/gi, (whole, name: string) => {
    return values[name.toLowerCase().replaceAll(/[_ -]/g, '')] ?? whole
  })
}
