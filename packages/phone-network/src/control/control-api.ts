import type { IncomingMessage, ServerResponse } from 'node:http'
import { OrgError } from '../crm/org.ts'
import { FaultError } from '../faults.ts'
import { ScriptError } from '../people/script.ts'
import { readBody } from '../rest/form.ts'
import { RestError } from '../rest/rest-error.ts'
import { type Disturbance, readDisturbance } from '../signalling/disturbance.ts'
import { KnobError } from '../speech/knobs.ts'
import { SettingsError } from './account-settings.ts'
import { type AppSettings, type Control, ControlError, type NumberSettings } from './control.ts'
import { streamEvents } from './event-stream.ts'

/** The control API, JSON under `/_/`. The table of routes is in `packages/phone-network/docs/control-api.md`. */

type Fields = Record<string, unknown>

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError(400, 'the body must be a JSON object')
  }
  return value as Fields
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request)
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new ControlError(400, 'the body is not JSON')
  }
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw new ControlError(400, `${name} must be a text`)
  return value
}

function numbersOf(fields: Fields): string[] {
  const { numbers } = fields
  if (!Array.isArray(numbers) || !numbers.every(number => typeof number === 'string')) {
    throw new ControlError(400, 'numbers must be a list of phone numbers')
  }
  return numbers
}

function phoneAction(control: Control, number: string, action: string): void {
  if (action === 'answer') control.answer(number)
  else if (action === 'busy' || action === 'reject' || action === 'no-answer') control.refuse(number, action)
  else if (action === 'hangup') control.hangUpPhone(number)
  else throw new ControlError(404, `a phone cannot ${action}`)
}

function disturbanceOf(what: string, fields: Fields): Disturbance {
  try {
    return readDisturbance(what, fields)
  } catch (error) {
    throw new ControlError(400, error instanceof Error ? error.message : String(error))
  }
}

function post(control: Control, path: string, body: unknown): unknown {
  const [, resource, id, action] = path.slice(1).split('/').map(decodeURIComponent)
  if (resource === 'phones' && id !== undefined && action !== undefined) {
    phoneAction(control, id, action)
    return { ok: true }
  }
  if (resource === 'phones' && id === undefined) {
    return { phones: control.definePeople(Array.isArray(body) ? body : [body]) }
  }
  const fields = fieldsOf(body)
  if (resource === 'browsers' && id !== undefined) {
    control.disturbBrowsers(id, disturbanceOf(action ?? '', fields))
    return { ok: true }
  }
  if (resource === 'calls' && id !== undefined && action === 'hangup') control.hangUpCall(id)
  else if (resource === 'calls' && id !== undefined && action === 'lose-streams') control.loseStreams(id)
  else if (resource === 'calls' && id !== undefined && action === 'digits') control.press(id, textOf(fields, 'digits'))
  else if (resource === 'dial') {
    return { callSid: control.dial(textOf(fields, 'from'), textOf(fields, 'to'), fields.script) }
  } else if (resource === 'texts') {
    return { messageSid: control.text(textOf(fields, 'from'), textOf(fields, 'to'), textOf(fields, 'body')) }
  } else if (resource === 'answer-together') control.answer(...numbersOf(fields))
  else if (resource === 'cps') control.setCps(fields.cps)
  else if (resource === 'speech' && id === undefined) return control.speech.change(fields)
  else if (resource === 'crm' && id === undefined) return control.crm.change(fields)
  else if (resource === 'recogniser') control.setRecogniser(fields.errorRate)
  else if (resource === 'faults') return fields.clear === true ? control.clearFaults() : control.addFault(fields)
  // The settings are checked by Control itself, field by field.
  else if (resource === 'numbers') return control.setNumber(fields as unknown as NumberSettings)
  else if (resource === 'app') control.setApp(fields as unknown as AppSettings)
  else if (resource === 'account') control.setAccount(fields)
  else throw new ControlError(404, `there is no ${path}`)
  return { ok: true }
}

function get(control: Control, url: URL): unknown {
  if (url.pathname === '/_/world') return control.world()
  if (url.pathname === '/_/log') return { entries: control.log(Number(url.searchParams.get('since')) || 0) }
  if (url.pathname === '/_/crm') return control.crm.view()
  if (url.pathname === '/_/speech') return control.speech.settings()
  if (url.pathname === '/_/speech/requests') {
    return { requests: control.speech.requests(Number(url.searchParams.get('since')) || 0) }
  }
  throw new ControlError(404, `there is no ${url.pathname}`)
}

/** Pages on this machine may use the API from another port; pages of other sites may not. */
function originAllowed(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
}

function statusOf(error: unknown): number {
  if (error instanceof ControlError || error instanceof RestError) return error.status
  if (
    error instanceof ScriptError ||
    error instanceof FaultError ||
    error instanceof KnobError ||
    error instanceof OrgError ||
    error instanceof SettingsError ||
    error instanceof URIError
  )
    return 400
  return 500
}

/** Answers every request under `/_/`. Never rejects. */
export async function answerControl(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const { origin } = request.headers
  if (origin !== undefined && !originAllowed(origin)) return send(response, 403, { error: `not for ${origin}` })
  if (origin !== undefined) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('access-control-allow-methods', 'GET, POST, DELETE')
    response.setHeader('vary', 'origin')
  }
  try {
    if (request.method === 'OPTIONS') return send(response, 204, null)
    if (request.method === 'GET' && url.pathname === '/_/events') return streamEvents(control, request, response, url)
    if (request.method === 'GET') return send(response, 200, get(control, url))
    if (request.method === 'DELETE' && url.pathname === '/_/faults') {
      control.clearFaults()
      return send(response, 200, { ok: true })
    }
    if (request.method === 'DELETE' && url.pathname === '/_/speech') {
      control.speech.reset()
      return send(response, 200, { ok: true })
    }
    if (request.method === 'DELETE' && url.pathname === '/_/crm') {
      control.crm.reset()
      return send(response, 200, { ok: true })
    }
    if (request.method !== 'POST') throw new ControlError(405, 'use GET or POST')
    send(response, 200, post(control, url.pathname, await readJson(request)) ?? { ok: true })
  } catch (error) {
    const status = statusOf(error)
    if (status === 500) console.error('phone network:', error)
    send(response, status, { error: error instanceof Error ? error.message : String(error) })
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = body === null ? '' : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(text)
}
