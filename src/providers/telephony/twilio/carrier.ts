import type { Carrier } from '../carrier.ts'
import type { TwilioAccount } from '../port.ts'
import { TwilioClient } from './client.ts'
import { twilioRelay } from './conversation-relay.ts'
import { twilioMedia } from './media-stream.ts'
import { twilioRefusal } from './refusals.ts'
import { missingForTwilio, type TwilioEnv, twilioAccount } from './settings.ts'
import { twilioPhones } from './token.ts'
import { twilioDoor } from './webhooks.ts'

export const twilioCarrier: Carrier<TwilioAccount, TwilioEnv> = {
  accountOf: twilioAccount,
  missing: missingForTwilio,
  telephony: account => new TwilioClient(account),
  door: twilioDoor,
  media: twilioMedia,
  relay: twilioRelay,
  phones: twilioPhones,
  sipDomains: account => new TwilioClient(account).sipDomains(),
  refusalOf: twilioRefusal,
}
