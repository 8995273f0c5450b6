import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { checkPerson, checkScript, type Person, type Script, ScriptError } from './script.ts'

/** People files: `{scripts: {id: script}, people: [{number, name, company, timeZone, script: id}]}`. */

export const PEOPLE_MAX = 10_000

/** Throws `ScriptError` with the name of the file and the person. */
export function readPeople(value: unknown, fileName: string): Person[] {
  const raw = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  if (!Array.isArray(raw.people) || raw.people.length > PEOPLE_MAX) {
    throw new ScriptError(`${fileName}: "people" must be a list of at most ${PEOPLE_MAX}`)
  }
  const scripts = new Map<string, Script>()
  for (const [id, script] of Object.entries(raw.scripts ?? {})) {
    try {
      scripts.set(id, checkScript(script))
    } catch (error) {
      throw new ScriptError(`${fileName}: script ${id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return raw.people.map((person, index) => {
    try {
      return checkPerson(person, scripts)
    } catch (error) {
      throw new ScriptError(`${fileName}: person ${index}: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}

/** The 40 people of the demo campaign. */
export async function demoPeople(): Promise<Person[]> {
  const text = await readFile(fileURLToPath(new URL('./demo.json', import.meta.url).href), 'utf8')
  return readPeople(JSON.parse(text), 'demo.json')
}
