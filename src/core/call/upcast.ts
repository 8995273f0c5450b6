/** Facts of older releases of the call, in today's words. One that is of today is given back as it is. */
import type { OldFact } from '../machine.ts'
import type { CallFact } from './state.ts'

const RENAMED: Record<string, CallFact['type']> = {
  // 0.1.0
  'call-recording': 'recording-reported',
  'call-crm-created': 'crm-created',
  'call-crm-nobody': 'crm-nobody',
  'call-crm-retrying': 'crm-retrying',
  'call-crm-failed': 'crm-failed',
  'call-crm-asked': 'crm-asked',
  'talk-line-opened': 'talk-stream-opened',
  'talk-line-closed': 'talk-stream-closed',
}

export function upcastCall(fact: OldFact): CallFact {
  const type = RENAMED[fact.type]
  if (type !== undefined) return { ...fact, type } as unknown as CallFact
  // 0.1.0 told the AI agent of a call in a fact of its own, and not how it speaks.
  if ((fact.type === 'call-created' || fact.type === 'call-received') && !('talk' in fact))
    return { ...fact, talk: null } as unknown as CallFact
  if (fact.type === 'talk-ordered') {
    const order = { driver: 'stream', language: 'en-US', ...(fact.order as object) }
    return { ...fact, order } as unknown as CallFact
  }
  return fact as unknown as CallFact
}
