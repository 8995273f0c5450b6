import type { CrmServer } from '../../packages/phone-network/src/crm/crm-server.ts'

/** Settings under which the product files its calls with this look-alike, through the same adapter as with Salesforce itself. */
export function crmVars({ url, app }: Pick<CrmServer, 'url' | 'app'>): Record<string, string> {
  return {
    SALESFORCE_CLIENT_ID: app.clientId,
    SALESFORCE_JWT_SUBJECT: app.subject,
    SALESFORCE_JWT_AUDIENCE: app.audience,
    SALESFORCE_PRIVATE_KEY: app.privateKeyPem,
    SALESFORCE_LOGIN_URL: url,
  }
}
