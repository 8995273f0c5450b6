/** Who may do what with extensions, phones at the carrier and trunks: a part of the authorisation matrix (`test/actors/security/meanings.ts`). */
export const EXTENSIONS = {
  'GET /v1.0/extensions': { may: 'supervisor' },
  'POST /v1.0/extensions': { may: 'admin', body: { extension: '2001', name: 'Reception' } },
  'GET /v1.0/extensions/:extensionId': { may: 'supervisor', names: true },
  'PUT /v1.0/extensions/:extensionId': { may: 'admin', names: true, body: { name: 'Reception' } },
  'DELETE /v1.0/extensions/:extensionId': { may: 'admin', names: true },
  'POST /v1.0/extensions/:extensionId/secret': { may: 'admin', names: true },
  'POST /v1.0/extensions/:extensionId/ice_servers': { may: 'admin', names: true },
  'GET /v1.0/calls/:callId/ladder': { may: 'supervisor', names: true },
  'GET /v1.0/carrier_phones': { may: 'supervisor' },
  'PUT /v1.0/carrier_phones': { may: 'admin', body: { enabled: false } },
  'GET /v1.0/trunks': { may: 'supervisor' },
  'POST /v1.0/trunks': { may: 'admin', body: { name: 'Old exchange', auth_types: ['basic'] } },
  'GET /v1.0/trunks/:trunkId': { may: 'supervisor', names: true },
  'PUT /v1.0/trunks/:trunkId': { may: 'admin', names: true, body: { name: 'Exchange' } },
  'DELETE /v1.0/trunks/:trunkId': { may: 'admin', names: true },
  'POST /v1.0/trunks/:trunkId/secret': { may: 'admin', names: true },
} as const
