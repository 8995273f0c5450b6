/** A request of Twilio at a path of the seed documents: its account and its form, after the signature. */
import type { TwilioAccount } from '../../../providers/telephony/port.ts'
import { FORM_TYPE, type Form, signedForm } from '../../../providers/telephony/twilio/webhook-form.ts'
import { accountAt, type Ctx, readWebhook, refusing } from '../door.ts'

export interface SignedForm {
  account: TwilioAccount
  form: Form
}

export async function twilioForm(c: Ctx, workspaceId: string): Promise<SignedForm> {
  const account = await accountAt(c, workspaceId, 'twilio')
  const webhook = await readWebhook(c, '', FORM_TYPE)
  return { account, form: await refusing(() => signedForm(account, webhook)) }
}
