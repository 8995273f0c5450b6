/** Cost types, entries and modes in words. */
import type { Billing, BillingAccountRow, RateRow } from '../../../wire/billing.ts'

export const COST_WORDS: Record<RateRow['cost_type'], string> = {
  call_pstn_outgoing: 'Call to a number',
  call_pstn_incoming: 'Call from outside',
  call_vn: 'Call to a virtual number',
  call_extension: 'Call in the team',
  ai: 'AI agent',
  characters: 'Spoken characters',
  recording: 'Recording',
  transcript: 'Transcript',
  number: 'Number, by month',
}
export const COST_TYPES = Object.keys(COST_WORDS) as RateRow['cost_type'][]

export function costWords(costType: string | null): string {
  return COST_WORDS[costType as RateRow['cost_type']] ?? (costType === 'carrier' ? 'Carrier' : '')
}

const TYPES: Record<Billing['transaction_type'], string> = {
  usage: 'Use',
  top_up: 'Top-up',
  adjustment: 'Correction',
  refund: 'Refund',
  carrier_cost: 'Price of the carrier',
}
export function entryWords({ transaction_type: type, cost_type: cost }: Billing): string {
  return type === 'usage' ? costWords(cost) : TYPES[type]
}

export const MODES: { value: BillingAccountRow['mode']; label: string }[] = [
  { value: 'off', label: 'Nothing is charged' },
  { value: 'shown', label: 'Uses are charged, nothing is limited' },
  { value: 'limited', label: 'Calls need credit' },
]

/** `1:23 min`, characters, or months. */
export function usedWords({ usage_duration: used, cost_type: cost }: Billing): string {
  if (used === null) return ''
  if (cost === 'number') return used === 1 ? '1 month' : `${used} months`
  if (cost === 'characters') return `${used} characters`
  return `${Math.floor(used / 60)}:${String(used % 60).padStart(2, '0')} min`
}
