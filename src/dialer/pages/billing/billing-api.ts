/** Bills, the account and the rate card, as the page uses them. */
import type { Sent } from '../../../wire/routes/row.ts'
import type { Routes } from '../../../wire/routes/table.ts'
import { ask, urlOf } from '../../api.ts'

const PAGE = 50
const DAYS = 30
type Settings = Sent<Routes['PUT /v1.0/billing_accounts/:accountId'], 'body'>
type Correction = Sent<Routes['POST /v1.0/billing_accounts/:accountId/entries'], 'body'>
type Card = Sent<Routes['PUT /v1.0/rate_card'], 'body'>

/** A workspace has one account. */
export async function getAccount() {
  const [account] = (await ask('GET /v1.0/billing_accounts')).items
  if (account === undefined) throw new Error('This workspace has no account.')
  return account
}
export const getDays = (accountId: string) =>
  ask('GET /v1.0/billing_accounts/:accountId/days', { params: { accountId }, query: { days: DAYS } })
export const getBills = (cursor: string | null) =>
  ask('GET /v1.0/billings', { query: { limit: PAGE, ...(cursor === null ? {} : { cursor }) } })
export const saveSettings = (accountId: string, body: Settings) =>
  ask('PUT /v1.0/billing_accounts/:accountId', { params: { accountId }, body })
export const correct = (accountId: string, body: Correction) =>
  ask('POST /v1.0/billing_accounts/:accountId/entries', { params: { accountId }, body })
export const getCard = () => ask('GET /v1.0/rate_card')
export const saveCard = (body: Card) => ask('PUT /v1.0/rate_card', { body })
export const csvAddress = () => urlOf('GET /v1.0/billings.csv')
