/** The seed's address state of the campaign page: `{phone, contactId: null, autoStart: false}` (S3-55). */
export interface CampaignSearch {
  phone?: string
  contactId?: string | null
  /** nothing is dialled by opening a page, whatever an address says */
  autoStart?: false
}

export function readCampaignSearch(search: Record<string, unknown>): CampaignSearch {
  if (search.phone === undefined || search.phone === null) return {}
  // A number of digits only is read as a number by the router.
  const phone = String(search.phone).slice(0, 40)
  const contactId = typeof search.contactId === 'string' && search.contactId !== '' ? search.contactId : null
  return { phone, contactId, autoStart: false }
}
