/** Some of the demo campaign's people (packages/phone-network/src/people/demo.json), as a CRM knows them. */
const ACCOUNT = '001000000000'

export const DEMO_CONTACTS = [
  {
    Id: '003000000000001AAA',
    FirstName: 'Amara',
    LastName: 'Osei',
    MobilePhone: '(415) 555-1001',
    Phone: '+1 415 555 1099',
    Description: 'your plan at Bright Fern Studio is up for renewal this month. Do you have two minutes?',
    AccountId: `${ACCOUNT}001AAA`,
  },
  {
    Id: '003000000000002AAA',
    FirstName: 'Ben',
    LastName: 'Castillo',
    MobilePhone: null,
    Phone: '+14155551002',
    Description: null,
    AccountId: `${ACCOUNT}002AAA`,
  },
  {
    Id: '003000000000003AAA',
    FirstName: 'Chloe',
    LastName: 'Martin',
    MobilePhone: '+14155551003',
    Phone: null,
    Description: 'thank you for calling us last week. Have you had time to read what we sent?',
    AccountId: null,
  },
  {
    Id: '003000000000004AAA',
    FirstName: null,
    LastName: 'Raman',
    MobilePhone: null,
    Phone: null,
    Description: 'has no number yet',
    AccountId: null,
  },
]
