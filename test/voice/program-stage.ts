/** The whole phone network, a program that has a key, and one number that its flows answer. Each test file has its own. */
import { expect, vi } from 'vitest'
import WebSocket from 'ws'
import { call, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import { SCOPES } from '../../src/wire/scope.ts'

export const MAIN = '+14155550061'

export interface Entry {
  kind: string
  at: number
  callSid?: string
  conferenceSid?: string
  friendlyName?: string
  text?: string
  to?: string
  direction?: string
  verbs?: string[]
}

export let stage: Stage
let key = ''
let people = ''
let callers = 0

/** Takes the ports from `port` on. Callers have the numbers `+1500200` + `from` + 1, 2 … */
export async function setProgramStage(port: number, from: string): Promise<void> {
  stage = await setStage({ state: null, port, networkPort: port + 20, dialer: false })
  people = from
  const cookie = await signIn(stage.url, 'root')
  const asked = { name: 'Program', scopes: SCOPES }
  key = (await call<{ key: string }>(stage.url, cookie, 'POST', '/api/keys', asked)).key
  const url = `${stage.url}/twilio/w_demo`
  stage.network.control.setNumber({ number: MAIN, voiceUrl: `${url}/inbound`, statusCallback: `${url}/inbound-status` })
  await program('POST', '/api/numbers', { number: MAIN, name: 'Main line' })
}

/** The program listens to a call. */
export function listenTo(callId: string): WebSocket {
  const url = `${stage.url.replace('http', 'ws')}/v1.0/calls/${callId}/media_stream`
  return new WebSocket(url, { headers: { Authorization: `Bearer ${key}` } })
}

export async function program<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(`${stage.url}${path}`, { method, headers, ...sent })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}

/** A flow that answers the main line. */
export async function answers(actions: object[]): Promise<string> {
  const { id } = await program<{ id: string }>('POST', '/flows', { name: 'Reception', actions })
  await program('PUT', `/numbers/${encodeURIComponent(MAIN)}`, { flow_id: id })
  return id
}

/** A person calls the main line. */
export function caller(acts: object[], more: { voice?: 'man' } = {}): string {
  callers += 1
  return stage.network.control.dial(`+1500200${people}${callers}`, MAIN, { kind: 'human', ...more, acts })
}

export const log = () => stage.network.control.log() as unknown as Entry[]

/** What the network has said on this call. */
export function said(callSid: string): (string | undefined)[] {
  return log().flatMap(one => (one.kind === 'network-said' && one.callSid === callSid ? [one.text] : []))
}

export function until<T>(what: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(what, { timeout: 40_000, interval: 50 })
}

export function ended(callSid: string): Promise<void> {
  return until(() => expect(log().some(one => one.kind === 'call-ended' && one.callSid === callSid)).toBe(true))
}
