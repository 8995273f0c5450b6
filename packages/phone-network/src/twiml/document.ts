import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { xmlProblem } from './lawful-xml.ts'

/** An element of a TwiML document. Text of mixed content is joined. */
export interface TwimlNode {
  name: string
  attributes: Record<string, string>
  text: string
  children: TwimlNode[]
}

/** `text` is what stands among the verbs, where only verbs may stand. */
export type TwimlResult = { ok: true; verbs: TwimlNode[]; text: string } | { ok: false; code: number; message: string }

/** Twilio refuses bodies over 64 KiB (error 11750). */
export const TWIML_BYTES_MAX = 65_536

const ATTRIBUTES = ':@'
const TEXT = '#text'

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: true,
  // Numeric references such as &#8212; come only with this; other HTML names are refused before (`xmlProblem`).
  htmlEntities: true,
})

type Raw = Record<string, unknown>

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readNode(raw: Raw): TwimlNode | null {
  const name = Object.keys(raw).find(key => key !== ATTRIBUTES && key !== TEXT)
  if (name === undefined) return null
  const content = Array.isArray(raw[name]) ? raw[name] : []
  const attributes: Record<string, string> = {}
  const rawAttributes = raw[ATTRIBUTES]
  if (isRaw(rawAttributes)) {
    for (const [key, value] of Object.entries(rawAttributes)) attributes[key] = String(value)
  }
  const texts: string[] = []
  const children: TwimlNode[] = []
  for (const part of content) {
    if (!isRaw(part)) continue
    if (TEXT in part) texts.push(String(part[TEXT]))
    const child = readNode(part)
    if (child) children.push(child)
  }
  return { name, attributes, text: texts.join(' ').trim(), children }
}

/**
 * Read a TwiML document into its verbs. Malformed XML, or a root that is not `<Response>`, is Twilio's 12100.
 * An empty body is an empty document: Twilio hangs up (the answer `204` of a status route, used as a voice URL).
 */
export function parseTwiml(xml: string): TwimlResult {
  if (xml.trim() === '') return { ok: true, verbs: [], text: '' }
  const problem = xmlProblem(xml)
  if (problem !== null) return { ok: false, code: 12100, message: `Document parse failure: ${problem}` }
  const valid = XMLValidator.validate(xml)
  if (valid !== true) {
    return { ok: false, code: 12100, message: `Document parse failure: ${valid.err.msg} (line ${valid.err.line})` }
  }
  const parsed: unknown = parser.parse(xml)
  const roots = (Array.isArray(parsed) ? parsed : [])
    .filter(isRaw)
    .map(readNode)
    .filter(node => node !== null)
  const root = roots[0]
  if (root === undefined || root.name !== 'Response') {
    return {
      ok: false,
      code: 12100,
      message: `Document parse failure: the root is <${root?.name ?? ''}>, not <Response>`,
    }
  }
  return { ok: true, verbs: root.children, text: root.text }
}
