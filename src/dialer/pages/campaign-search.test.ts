import { expect, test } from 'vitest'
import { readCampaignSearch } from './campaign-search.ts'

test('the address of a number by hand never starts a call by itself [S3-55]', () => {
  expect(readCampaignSearch({ phone: '+14155550101', contactId: null, autoStart: false })).toEqual({
    phone: '+14155550101',
    contactId: null,
    autoStart: false,
  })
  expect(readCampaignSearch({ phone: 14155550101, autoStart: true })).toEqual({
    phone: '14155550101',
    contactId: null,
    autoStart: false,
  })
  expect(readCampaignSearch({ contactId: 'p1', autoStart: true })).toEqual({})
})
