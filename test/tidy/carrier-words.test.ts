import { expect, test } from 'vitest'
import { code, importsOf, read } from './files.ts'

/** Words of a carrier, in code and in comments. */
const WORDS = /twilio|twiml|\b(?:account|call|conference|stream|recording)_?sid\b/i
/** Where a carrier's words are at home. */
const HOMES = /^src\/(?:providers\/telephony|worker\/carriers)\/[a-z-]+\//

/** Every other file of the product that has such a word, with the reason why a further carrier need not touch it. */
const FIELD = 'the public API calls the carrier’s id of a call `callSid`'
const PHONE = 'the page’s browser phone is Twilio’s, behind src/dialer/phone/port.ts'
const SEED = 'the seed’s public paths and fields are Twilio’s'
const TABLE = 'a table with a row per carrier'
const STORED = 'reads what an earlier release has stored'
const ALLOWED: Record<string, string> = {
  'src/providers/registry.ts': TABLE,
  'src/providers/telephony/port.ts': TABLE,
  'src/worker/carriers/table.ts': TABLE,
  'src/core/desk/upcast.ts': STORED,
  'src/core/room/upcast.ts': STORED,
  'src/actors/call/documents.ts': FIELD,
  'src/actors/rehearsal/actor.ts': FIELD,
  'src/dialer/pages/ai/use-conversation.ts': FIELD,
  'src/wire/conversation.ts': FIELD,
  'src/worker/api/ai-calls.ts': FIELD,
  'src/wire/routes/agents.ts': FIELD,
  'src/wire/routes/contacts.ts': FIELD,
  'src/wire/routes/desk.ts': FIELD,
  'src/worker/api/contacts.ts': FIELD,
  'src/worker/api/desk.ts': FIELD,
  'src/worker/api/hand-round.ts': FIELD,
  'src/wire/routes/phone.ts': SEED,
  'src/wire/routes/seed-ai.ts': SEED,
  'src/wire/routes/seed-cidr.ts': FIELD,
  'src/worker/seed/cidr.ts': FIELD,
  'src/worker/api/phone.ts': SEED,
  'src/worker/app.ts': SEED,
  // The first part of a carrier's paths is no page of the app.
  'src/worker/seed/ai-webhooks.ts': SEED,
  'src/worker/seed/ai.ts': SEED,
  'src/worker/seed/bare-stream.ts': SEED,
  'src/worker/seed/twilio.ts': SEED,
  'src/dialer/desk/desk.ts': PHONE,
  'src/dialer/phone/side-call.ts': PHONE,
  'src/dialer/phone/devices.ts': PHONE,
  'src/dialer/phone/faults.ts': PHONE,
  'src/dialer/phone/registration.ts': PHONE,
  'src/dialer/phone/socket-shim.ts': PHONE,
  'src/dialer/phone/token.ts': PHONE,
  'src/dialer/phone/twilio-device.ts': PHONE,
  'src/dialer/phone/twilio-phone.ts': PHONE,
}

test('a carrier’s words stand in its folders, and elsewhere only where this list says why', () => {
  const files = code('src/').filter(file => !file.endsWith('.test.ts') && !HOMES.test(file) && WORDS.test(read(file)))
  expect(files.filter(file => ALLOWED[file] === undefined)).toEqual([])
  expect(Object.keys(ALLOWED).filter(file => !files.includes(file))).toEqual([])
})

/** Who may import from a carrier's folder: the table, the Worker's routes of that carrier, and the seed's, which are Twilio's. */
function mayImport(file: string, carrier: string): boolean {
  return (
    file === 'src/providers/registry.ts' ||
    file.startsWith(`src/providers/telephony/${carrier}/`) ||
    file.startsWith(`src/worker/carriers/${carrier}/`) ||
    (carrier === 'twilio' && file.startsWith('src/worker/seed/'))
  )
}

test('a carrier’s folder is imported by its row and by its own routes only', () => {
  const wrong: string[] = []
  for (const file of code('src/').filter(one => !one.endsWith('.test.ts'))) {
    for (const { target } of importsOf(file)) {
      const carrier = /^src\/providers\/telephony\/([a-z-]+)\//.exec(target)?.[1]
      if (carrier !== undefined && !mayImport(file, carrier)) wrong.push(`${file} → ${target}`)
    }
  }
  expect(wrong).toEqual([])
})
