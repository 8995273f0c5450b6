/** Numbers as people, programs and spreadsheets write them, and what is right: the number in E.164 with its extension, or null where it is refused. */
export interface NumberCase {
  written: string
  /** ISO 3166, of the list */
  country: string
  number: string | null
  extension?: string
}

export const NUMBER_CASES: readonly NumberCase[] = [
  { written: '0600000001', country: 'FR', number: '+33600000001' },
  { written: '7700900123', country: 'GB', number: '+447700900123' },
  { written: '+44 (0)20 7946 0018', country: 'US', number: '+442079460018' },
  { written: '0044 20 7946 0018', country: 'US', number: '+442079460018' },
  { written: '+48 (0)22 555 01 23', country: 'US', number: '+48225550123' },
  { written: '+34 (0)91 055 50 12', country: 'US', number: '+34910555012' },
  { written: '+52 1 55 5555 0123', country: 'US', number: '+525555550123' },
  { written: '0000000000', country: 'US', number: null },
  { written: '(123) 456-7890', country: 'US', number: null },
  { written: '415 055 0132', country: 'US', number: null },
  { written: 'someone4155550132@example.com', country: 'US', number: null },
  { written: 'sip:14155550132@example.com', country: 'US', number: null },
  { written: '+1 415-555-0132 x123', country: 'FR', number: '+14155550132', extension: '123' },
  { written: '+1 415-555-0133 ext. 12', country: 'FR', number: '+14155550133', extension: '12' },
  { written: '+1 415-555-0134,,123#', country: 'FR', number: '+14155550134', extension: '123' },
  { written: '1.4155550135E+10', country: 'US', number: '+14155550135' },
  { written: '1,4155550136E+10', country: 'DE', number: '+14155550136' },
  { written: '1.41556E+10', country: 'US', number: null },
  { written: '4.15559E+10', country: 'US', number: null },
  { written: '(415) 555-0142', country: 'US', number: '+14155550142' },
  { written: '14155550143', country: 'US', number: '+14155550143' },
  { written: '415.555.0144', country: 'US', number: '+14155550144' },
  { written: '20.03.2024', country: 'DK', number: null },
  { written: '2024-03-05', country: 'DK', number: null },
  { written: '3/5/2024', country: 'DK', number: null },
  { written: '12-Mar', country: 'US', number: null },
  { written: '', country: 'US', number: null },
  { written: 'anonymous', country: 'US', number: null },
  { written: '089/1234567', country: 'DE', number: '+49891234567' },
  { written: "'+14155550145", country: 'US', number: '+14155550145' },
]
