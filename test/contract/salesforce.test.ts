/** The Salesforce adapter against the look-alike of `packages/phone-network/src/crm`: two readings of one reference. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CrmServer, startCrm } from '../../packages/phone-network/src/crm/crm-server.ts'
import { crmVars } from '../../scripts/local/crm-vars.ts'
import type { CrmTask } from '../../src/providers/crm/port.ts'
import { TOKEN_LIFE_MS } from '../../src/providers/crm/salesforce/access-token.ts'
import { Salesforce } from '../../src/providers/crm/salesforce/salesforce.ts'
import {
  missingForSalesforce,
  type SalesforceEnv,
  salesforceSettings,
} from '../../src/providers/crm/salesforce/settings.ts'
import { LOG_CHARS_MAX } from '../../src/providers/crm/salesforce/task-fields.ts'
import { isWorthRepeating, type ProviderFailure } from '../../src/providers/failure.ts'
import { crmOf } from '../../src/providers/registry.ts'
import { failureOf } from './outcomes.ts'

const AMARA = '003000000000001AAA'
const never = new AbortController().signal
let crm: CrmServer
let users = 0
beforeAll(async () => {
  crm = await startCrm({ port: 0 })
})
afterAll(() => crm.close())
beforeEach(() => {
  crm.knobs.reset()
  crm.knobs.change({ expireNow: true })
})

function envOf(change: SalesforceEnv = {}): SalesforceEnv {
  return { ...crmVars(crm), ...change }
}

/** A new adapter; the token is the isolate's, and its session over (`beforeEach`): every test renews it. */
function salesforce(change: SalesforceEnv = {}, options: ConstructorParameters<typeof Salesforce>[1] = {}): Salesforce {
  users += 1
  const settings = salesforceSettings(envOf(change))
  if (!settings) throw new Error('no settings')
  return new Salesforce(settings, options)
}

const refs = () => `CA${String(users).padStart(32, '0')}`
const task = (change: Partial<CrmTask> = {}): CrmTask => ({
  callRef: refs(),
  contactId: AMARA,
  accountId: '001000000000001AAA',
  phone: '+14155551001',
  direction: 'outbound',
  word: 'completed',
  log: 'AI: Hello',
  talkedMs: 12_400,
  endedAt: Date.UTC(2026, 4, 3, 23, 59),
  timeZone: 'UTC',
  ...change,
})
const asked = (ability: string) => crm.knobs.view().requests.filter(one => one.ability === ability).length
const filed = (callRef: string) => crm.knobs.view().tasks.filter(one => one.CallObject === callRef)

describe('signing in', () => {
  test('one token serves until our own end of it, and is renewed once when the org has ended the session [S2-25]', async () => {
    let nowMs = Date.now()
    const org = salesforce({}, { now: () => nowMs })
    await org.contact(AMARA, never)
    const before = asked('token')
    await org.contact(AMARA, never)
    expect(asked('token')).toBe(before)
    crm.knobs.change({ expireNow: true })
    expect((await org.contact(AMARA, never))?.firstName).toBe('Amara')
    expect(asked('token')).toBe(before + 1)
    nowMs += TOKEN_LIFE_MS - 10_000
    await org.contact(AMARA, never)
    expect(asked('token')).toBe(before + 1)
    nowMs += 10_000
    // The look-alike's clock has not moved: the new assertion ends too far ahead for it.
    expect((await failureOf(org.contact(AMARA, never))).kind).toBe('unauthorised')
    expect(asked('token')).toBe(before + 2)
  })

  test('a session that is over again at once is no endless loop', async () => {
    const org = salesforce()
    crm.knobs.change({ ability: 'contact', failNext: 5, failStatus: 401, failCode: 'INVALID_SESSION_ID' })
    const failed = await failureOf(org.contact(AMARA, never))
    expect([failed.kind, isWorthRepeating(failed)]).toEqual(['unauthorised', false])
  })

  test.each([
    ['unknown_error', 400, true],
    ['invalid_grant', 400, false],
    ['unsupported_grant_type', 400, false],
    ['server_error', 503, true],
    ['rate', 429, true],
  ])('%s (%i): worth another try is %s [S2-26]', async (failCode, failStatus, again) => {
    crm.knobs.change({ ability: 'token', failNext: 1, failStatus, failCode })
    const failed = await failureOf(salesforce().contact(AMARA, never))
    expect(isWorthRepeating(failed)).toBe(again)
    expect((await salesforce().contact(AMARA, never))?.lastName).toBe('Osei')
  })

  test.each<[string, () => SalesforceEnv, string]>([
    ['the app', () => ({ SALESFORCE_CLIENT_ID: 'other' }), 'invalid_client_id'],
    ['the user', () => ({ SALESFORCE_JWT_SUBJECT: 'bob@example.com' }), 'pre-authorise the app'],
    ['the audience', () => ({ SALESFORCE_JWT_AUDIENCE: 'https://test.salesforce.com' }), 'SALESFORCE_JWT_AUDIENCE'],
    ['the key', () => ({ SALESFORCE_PRIVATE_KEY: rsa('pkcs8'), SALESFORCE_API_VERSION: 'v59.0' }), 'certificate'],
    ['a PKCS#1 key', () => ({ SALESFORCE_PRIVATE_KEY: rsa('pkcs1') }), 'PKCS#1 (BEGIN RSA PRIVATE KEY): convert it'],
    ['a text that is no key', () => ({ SALESFORCE_PRIVATE_KEY: 'hunter2' }), 'is not an RSA key'],
  ])('%s is wrong: said so that it can be mended, and not tried again', async (_what, change, words) => {
    const failed = await failureOf(salesforce(change()).contact(AMARA, never))
    expect(failed.message).toContain(words)
    expect(failed.message).not.toContain('hunter2')
    expect([failed.kind, isWorthRepeating(failed)]).toEqual(['unauthorised', false])
  })

  test('a key that a dashboard has put on one line is read', async () => {
    const oneLine = crm.app.privateKeyPem.replaceAll('\n', '\\n')
    expect(await salesforce({ SALESFORCE_PRIVATE_KEY: oneLine }).contact(AMARA, never)).not.toBeNull()
  })
})

function rsa(type: 'pkcs1' | 'pkcs8'): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return String(createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })).export({ type, format: 'pem' }))
}

describe('a contact', () => {
  test('is read with its mobile number, else the other one; what is empty is empty [S2-18 S2-19]', async () => {
    const org = salesforce()
    expect(await org.contact(AMARA, never)).toEqual({
      contactId: AMARA,
      accountId: '001000000000001AAA',
      firstName: 'Amara',
      lastName: 'Osei',
      phone: '(415) 555-1001',
      note: 'your plan at Bright Fern Studio is up for renewal this month. Do you have two minutes?',
    })
    expect(crm.knobs.view().requests.at(-1)?.path).toBe(
      `/services/data/v58.0/sobjects/Contact/${AMARA}?fields=FirstName,LastName,MobilePhone,Phone,Description,AccountId`,
    )
    expect(await org.contact('003000000000002', never)).toMatchObject({ phone: '+14155551002', note: '' })
    expect(await org.contact('003000000000004AAA', never)).toMatchObject({ phone: null, firstName: '' })
  })

  test('that is not there is null, and an id of another shape is not asked about', async () => {
    const org = salesforce()
    expect(await org.contact('003999999999999', never)).toBeNull()
    const before = asked('contact')
    expect(await org.contact('../../query?q=1', never)).toBeNull()
    expect(asked('contact')).toBe(before)
    expect(['003000000000001', AMARA, '003', '001000000000001', 'ct_1'].map(id => org.isContactId(id))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('whose number it is', () => {
  test.each([
    ['typed with signs', '+14155551001', AMARA],
    ['in the second field', '+14155551099', AMARA],
    ['typed as it is', '+14155551003', '003000000000003AAA'],
    ['of nobody', '+14155551007', null],
    // A search by a pattern of its digits would find this, but it is another number.
    ['a part of another', '+15551001', null],
    ['none', 'anonymous', null],
  ])('%s', async (_name, phone, contactId) => {
    const found = await salesforce().contactsByPhone(phone, never)
    expect(found.map(one => one.contactId)).toEqual(contactId === null ? [] : [contactId])
  })

  test('all who share one are told, also where their country writes it without its code', async () => {
    const [one, two] = ['003000000000051AAA', '003000000000052AAA']
    crm.knobs.change({
      contacts: [
        { Id: one, LastName: 'Weber', Phone: '+49 30 901820', AccountId: '001000000000051AAA' },
        { Id: two, LastName: 'Vogt', MobilePhone: '030/90-18-20' },
      ],
    })
    expect(await salesforce().contactsByPhone('+4930901820', never)).toEqual([
      { contactId: one, accountId: '001000000000051AAA' },
      { contactId: two, accountId: null },
    ])
  })
})

describe('a task', () => {
  test('has all fields of the seed, where the org has them [S2-22 S2-23]', async () => {
    crm.knobs.change({ closedFields: [] })
    const org = salesforce()
    const { taskId: id } = await org.createTask(task(), never)
    expect(filed(refs())).toEqual([
      {
        Id: id,
        WhoId: AMARA,
        WhatId: '001000000000001AAA',
        Subject: 'AI Voice Call - completed',
        Status: 'Completed',
        TaskSubtype: 'Call',
        CallType: 'Outbound',
        CallDisposition: 'completed',
        CallObject: refs(),
        CallDurationInSeconds: 12,
        Phone: '+14155551001',
        Description: 'AI: Hello',
        ActivityDate: '2026-05-03',
      },
    ])
    expect(await org.taskOf(refs(), never)).toBe(id)
    expect(await org.taskOf("CA' OR Id != '", never)).toBeNull()
  })

  test.each([
    ['completed', 'Completed'],
    ['completed-remote', 'Completed'],
    ['no-answer', 'Not Answered'],
    ['busy', 'Not Answered'],
    ['failed', 'Not Answered'],
    ['canceled', 'Not Answered'],
  ] as const)('%s is %s [S2-24]', async (word, status) => {
    await salesforce().createTask(task({ word, accountId: null, direction: 'inbound' }), never)
    expect(filed(refs())).toMatchObject([{ Status: status, CallDisposition: word, CallType: 'Inbound' }])
    expect(filed(refs())[0]).not.toHaveProperty('WhatId')
  })

  test('gives way once to a field and once to a status that the org does not have', async () => {
    crm.knobs.change({ statuses: ['Completed'], closedFields: ['Phone'] })
    const org = salesforce()
    await org.contact(AMARA, never)
    const before = asked('task')
    await org.createTask(task({ word: 'busy' }), never)
    expect(asked('task')).toBe(before + 3)
    expect(filed(refs())).toMatchObject([{ Status: 'Completed', CallDisposition: 'busy' }])
    expect(filed(refs())[0]).not.toHaveProperty('Phone')
  })

  test('an org that cannot hold what makes it this call’s refuses it', async () => {
    crm.knobs.change({ statuses: ['Completed'], closedFields: ['CallObject'] })
    const failed = await failureOf(salesforce().createTask(task(), never))
    expect([failed.kind, failed.message]).toEqual(['refused', 'salesforce: INVALID_FIELD (CallObject)'])
    expect(filed(refs())).toEqual([])
  })

  test('statuses may be the org’s own', async () => {
    crm.knobs.change({ statuses: ['Completed', 'Deferred'] })
    await salesforce({ SALESFORCE_TASK_STATUS_MAP: 'busy = Deferred' }).createTask(task({ word: 'busy' }), never)
    expect(filed(refs())).toMatchObject([{ Status: 'Deferred' }])
  })

  test('a log that is longer than a Task can hold is cut, and says so', async () => {
    await salesforce().createTask(task({ log: `${'x'.repeat(LOG_CHARS_MAX)}y` }), never)
    const description = String(filed(refs())[0]?.Description)
    expect(description).toHaveLength(LOG_CHARS_MAX)
    expect(description.endsWith('[The log is longer than a Task can hold.]')).toBe(true)
  })

  test.each([
    [429, 'REQUEST_LIMIT_EXCEEDED', 'throttled', 1_000],
    [403, 'REQUEST_LIMIT_EXCEEDED', 'throttled', null],
    [503, 'SERVER_UNAVAILABLE', 'unavailable', null],
    [400, 'UNABLE_TO_LOCK_ROW', 'unavailable', null],
    [400, 'FIELD_INTEGRITY_EXCEPTION', 'refused', null],
    [403, 'INSUFFICIENT_ACCESS', 'unauthorised', null],
  ])('%i %s is %s', async (failStatus, failCode, kind, retryAfterMs) => {
    crm.knobs.change({ ability: 'task', failNext: 1, failStatus, failCode })
    const failed = await failureOf(salesforce().createTask(task(), never))
    expect([failed.kind, failed.retryAfterMs]).toEqual([kind, retryAfterMs])
    expect(failed.message).toContain(failCode)
  })

  test('an answer that is lost is worth another try, and the Task is found', async () => {
    crm.knobs.change({ closedFields: [], ability: 'task', loseNext: 1 })
    const org = salesforce()
    const failed: ProviderFailure = await failureOf(org.createTask(task(), never))
    expect([failed.kind, isWorthRepeating(failed)]).toEqual(['unavailable', true])
    expect(await org.taskOf(refs(), never)).toBe(filed(refs())[0]?.Id)
  })
})

describe('settings', () => {
  test('name what is missing or does not fit, never a value', () => {
    expect(missingForSalesforce({})).toEqual([
      'SALESFORCE_CLIENT_ID',
      'SALESFORCE_JWT_SUBJECT',
      'SALESFORCE_PRIVATE_KEY',
    ])
    const fits = (audience: string, login: string) =>
      missingForSalesforce(envOf({ SALESFORCE_JWT_AUDIENCE: audience, SALESFORCE_LOGIN_URL: login })).length === 0
    expect(fits('https://test.salesforce.com', '')).toBe(true)
    expect(fits('', 'https://test.salesforce.com')).toBe(false)
    expect(fits('https://test.salesforce.com', 'https://login.salesforce.com/')).toBe(false)
    expect(fits('', 'https://acme.my.salesforce.com')).toBe(true)
    expect(fits('', 'https://acme--uat.sandbox.my.salesforce.com')).toBe(false)
    expect(fits('https://test.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com')).toBe(true)
    expect(fits('', 'http://crm.example.com')).toBe(false)
    const wrong = { SALESFORCE_TASK_STATUS_MAP: 'bussy=Open', SALESFORCE_API_VERSION: '58' }
    expect(missingForSalesforce(envOf(wrong))).toEqual(['SALESFORCE_API_VERSION', 'SALESFORCE_TASK_STATUS_MAP'])
    expect(salesforceSettings(envOf(wrong))).toBeNull()
  })

  test('the CRM belongs to one workspace, as the carrier’s account does', () => {
    const env = { ...envOf(), DB: {} as D1Database, TRUNKLINE_WORKSPACE: 'w_home' }
    expect(crmOf(env, 'w_home')).not.toBeNull()
    expect(crmOf(env, 'w_other')).toBeNull()
    expect(crmOf({ DB: {} as D1Database }, 'w_main')).toBeNull()
  })
})
