/** A call is filed with what its org takes, however the org says that it does not take the rest. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CrmServer, startCrm } from '../../packages/phone-network/src/crm/crm-server.ts'
import { crmVars } from '../../scripts/local/crm-vars.ts'
import type { CrmTask } from '../../src/providers/crm/port.ts'
import { Salesforce } from '../../src/providers/crm/salesforce/salesforce.ts'
import { salesforceSettings } from '../../src/providers/crm/salesforce/settings.ts'
import { UNKNOWN_TEXT } from '../../src/providers/crm/salesforce/task-fields.ts'
import { failureOf } from './outcomes.ts'

const AMARA = '003000000000001AAA'
const ACME = '001000000000001AAA'
const never = new AbortController().signal
let crm: CrmServer
let calls = 0
beforeAll(async () => {
  crm = await startCrm({ port: 0 })
})
afterAll(() => crm.close())
beforeEach(() => {
  crm.knobs.reset()
  crm.knobs.change({ closedFields: [] })
  calls += 1
})

function salesforce(): Salesforce {
  const settings = salesforceSettings(crmVars(crm))
  if (!settings) throw new Error('no settings')
  return new Salesforce(settings)
}

const ref = () => `CA${String(calls).padStart(32, '0')}`
const task = (change: Partial<CrmTask> = {}): CrmTask => ({
  callRef: ref(),
  contactId: AMARA,
  accountId: ACME,
  phone: '+14155551001',
  direction: 'outbound',
  word: 'busy',
  log: 'AI: Hello',
  talkedMs: 12_400,
  endedAt: Date.UTC(2026, 4, 3, 23, 59),
  timeZone: 'UTC',
  ...change,
})
const filed = () => crm.knobs.view().tasks.filter(one => one.CallObject === ref())

test('fields that the org does not have are told one at a time, and all are left out [C11]', async () => {
  crm.knobs.change({ closedFields: ['Phone', 'CallType', 'TaskSubtype'] })
  const { leftOut, filledIn } = await salesforce().createTask(task(), never)
  expect([leftOut.toSorted(), filledIn]).toEqual([['CallType', 'Phone', 'TaskSubtype'], []])
  expect(filed()).toMatchObject([{ WhoId: AMARA, WhatId: ACME, CallDisposition: 'busy', Description: 'AI: Hello' }])
})

test('two fields that the org requires, told one at a time, get a value that the org takes, and are named [C11]', async () => {
  crm.knobs.change({
    requiredFields: ['Priority', 'Team__c', 'Reason__c'],
    picklists: { Team__c: ['North', 'South'] },
    lengths: { Reason__c: 8 },
  })
  const { leftOut, filledIn } = await salesforce().createTask(task(), never)
  expect([leftOut, filledIn]).toEqual([[], ['Priority', 'Team__c', 'Reason__c']])
  expect(filed()).toMatchObject([{ Priority: 'Normal', Team__c: 'North', Reason__c: UNKNOWN_TEXT.slice(0, 8) }])
})

test('an org that does not describe its fields gets words in those that it requires [C11]', async () => {
  crm.knobs.change({ requiredFields: ['Reason__c'] })
  crm.knobs.change({ ability: 'query', failNext: 1, failStatus: 403, failCode: 'API_DISABLED_FOR_ORG' })
  expect((await salesforce().createTask(task(), never)).filledIn).toEqual(['Reason__c'])
  expect(filed()).toMatchObject([{ Reason__c: UNKNOWN_TEXT }])
})

test('two restricted picklists without our values are left out, told one at a time [C11]', async () => {
  crm.knobs.change({ picklists: { CallType: ['Support'], CallDisposition: ['Good', 'Bad'] } })
  expect((await salesforce().createTask(task(), never)).leftOut.toSorted()).toEqual(['CallDisposition', 'CallType'])
  expect(filed()).toMatchObject([{ Status: 'Not Answered', TaskSubtype: 'Call' }])
})

test('a status that the org lacks becomes the usual one, and then the org’s own default [C11]', async () => {
  crm.knobs.change({ statuses: ['Completed'] })
  expect((await salesforce().createTask(task(), never)).leftOut).toEqual([])
  expect(filed()).toMatchObject([{ Status: 'Completed' }])
  calls += 1
  crm.knobs.change({ statuses: ['Done'] })
  expect((await salesforce().createTask(task(), never)).leftOut).toEqual(['Status'])
  expect(filed()[0]).not.toHaveProperty('Status')
})

test('STRING_TOO_LONG on a phone leaves it out, because half a number is another one; texts are cut [C11]', async () => {
  crm.knobs.change({ lengths: { Phone: 10, Description: 100 } })
  const { leftOut } = await salesforce().createTask(task({ log: 'x'.repeat(500) }), never)
  expect(leftOut).toEqual(['Phone'])
  expect(String(filed()[0]?.Description)).toHaveLength(100)
  expect(filed()[0]).not.toHaveProperty('Phone')
})

test.each([
  ['15 characters', AMARA.slice(0, 15), ACME.slice(0, 15)],
  ['18 characters', AMARA, ACME],
])('an account that we may not see is left out; ids of %s [C11]', async (_name, contactId, accountId) => {
  crm.knobs.change({ hiddenRecords: [ACME] })
  expect((await salesforce().createTask(task({ contactId, accountId }), never)).leftOut).toEqual(['WhatId'])
  expect(filed()).toMatchObject([{ WhoId: contactId }])
  expect(filed()[0]).not.toHaveProperty('WhatId')
})

test('a person that we may not see is a refusal: a Task of nobody would tell nothing [C11]', async () => {
  crm.knobs.change({ hiddenRecords: [AMARA] })
  const failed = await failureOf(salesforce().createTask(task(), never))
  expect(failed.message).toBe('salesforce: INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY')
  expect(filed()).toEqual([])
})

test('a person account is the person, so the Task is filed with the person alone [C11]', async () => {
  crm.knobs.change({ personAccounts: [ACME.slice(0, 15)] })
  expect((await salesforce().createTask(task(), never)).leftOut).toEqual(['WhatId'])
  expect(filed()).toMatchObject([{ WhoId: AMARA }])
})

test('all of it in one org: what can be filed is filed in the end [C11]', async () => {
  crm.knobs.change({
    requiredFields: ['Team__c', 'Reason__c'],
    picklists: { CallType: ['Support'], TaskSubtype: ['Task'] },
    lengths: { Phone: 10 },
    statuses: ['Done'],
    hiddenRecords: [ACME],
  })
  const { leftOut, filledIn } = await salesforce().createTask(task(), never)
  expect(leftOut.toSorted()).toEqual(['CallType', 'Phone', 'Status', 'TaskSubtype', 'WhatId'])
  expect(filledIn).toEqual(['Team__c', 'Reason__c'])
  expect(filed()).toHaveLength(1)
})

test.each([
  ['UTC', '2026-05-03'],
  ['Pacific/Auckland', '2026-05-04'],
  ['America/Los_Angeles', '2026-05-03'],
])('the activity’s day is the day in %s [C11]', async (timeZone, day) => {
  await salesforce().createTask(task({ timeZone }), never)
  expect(filed()).toMatchObject([{ ActivityDate: day }])
})
