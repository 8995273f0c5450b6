/** Somebody who sets an installation up finds every setting that it cannot run without, by the README alone. */
import { expect, test } from 'vitest'
import type { Env } from '../../src/actors/env.ts'
import { missingSettings } from '../../src/worker/env.ts'
import { read } from './files.ts'

/** An environment that says nothing but which carrier is meant. */
const BARE = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` } as unknown as Env

test('what is missing is named, the key of the browser phone and the TwiML App among it [S2-34 S4-34]', async () => {
  const missing = await missingSettings(BARE)
  expect(missing).toEqual(
    expect.arrayContaining(['PUBLIC_BASE_URL', 'SESSION_SECRET', 'TWILIO_AUTH_TOKEN', 'TWILIO_API_KEY_SID']),
  )
  expect(missing).toEqual(expect.arrayContaining(['TWILIO_API_KEY_SECRET', 'TWILIO_TWIML_APP_SID']))
  expect(missing.join()).not.toContain(BARE.TWILIO_ACCOUNT_SID)
})

test('the README leads to a file that has each of them, and says where the carrier’s addresses point [S4-35]', async () => {
  const [readme, example] = [read('README.md'), read('.dev.vars.example')]
  expect(readme).toContain('.dev.vars.example')
  expect((await missingSettings(BARE)).filter(name => !example.includes(name))).toEqual([])
  for (const address of ['/voice', '/inbound', '/inbound-status']) expect(readme).toContain(`/twilio/w_main${address}`)
})
