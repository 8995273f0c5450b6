import type { Entry } from '../network-log.ts'
import { type PhoneNetwork, startPhoneNetwork } from '../phone-network.ts'
import { SipPhone } from './sip-phone.ts'
import { SmallApp } from './small-app.ts'
import { twilioClient } from './twilio-client.ts'

/** A network with one SIP domain, three users who may register there and call it, and a small program. */

export const DOMAIN = 'desk.sip.twilio.com'
export const PASSWORD = 'Correct-horse-7'
export const NUMBER = '+14155550000'

export interface SipStage {
  app: SmallApp
  network: PhoneNetwork
  client: ReturnType<typeof twilioClient>
  domainSid: string
  listSid: string
  /** A phone that closes with the stage, or with `clear`. */
  phone(user: string, more?: { password?: string; transport?: 'UDP' | 'TCP'; domain?: string }): Promise<SipPhone>
  /** alerts of this code since `clear` */
  alerts(code: number): number
  /** entries of the log since `clear` */
  entries<K extends Entry['kind']>(kind: K): Extract<Entry, { kind: K }>[]
  /** The first entry since `clear` that `test` accepts, now or later. */
  until(test: (entry: Entry) => boolean): Promise<Entry>
  /** Between two tests: the phones are switched off, the program has heard nothing. */
  clear(): Promise<void>
  stop(): Promise<void>
}

export async function startSipStage(sound?: Parameters<typeof startPhoneNetwork>[0]): Promise<SipStage> {
  const app = await new SmallApp().start()
  const network = await startPhoneNetwork({
    port: 0,
    sipPort: 0,
    cps: 50,
    numbers: [{ number: NUMBER, voiceUrl: `${app.url}/number` }],
    ...sound,
  })
  const client = twilioClient(network.url, network.account)
  const { sip } = client
  const { sid: domainSid } = await sip.domains.create({
    domainName: DOMAIN,
    sipRegistration: true,
    voiceUrl: `${app.url}/voice`,
    voiceStatusCallbackUrl: `${app.url}/status`,
  })
  const { sid: listSid } = await sip.credentialLists.create({ friendlyName: 'phones' })
  for (const username of ['ada', 'bo', 'cy']) {
    await sip.credentialLists(listSid).credentials.create({ username, password: PASSWORD })
  }
  const { auth } = sip.domains(domainSid)
  await auth.registrations.credentialListMappings.create({ credentialListSid: listSid })
  await auth.calls.credentialListMappings.create({ credentialListSid: listSid })

  const phones: SipPhone[] = []
  let since = 0
  const close = (): void => {
    for (const phone of phones.splice(0)) phone.close()
  }
  const entries = <K extends Entry['kind']>(kind: K) =>
    network.control.log(since).filter((entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind)
  const liveCall = (): string | undefined => network.control.world().calls.find(call => call.endedAt === null)?.sid
  return {
    app,
    network,
    client,
    domainSid,
    listSid,
    async phone(user, more = {}) {
      const phone = await SipPhone.open(network.sipPort ?? 0, { user, domain: DOMAIN, password: PASSWORD, ...more })
      phones.push(phone)
      return phone
    },
    alerts: code => entries('alert').filter(entry => entry.code === code).length,
    entries,
    until: test => network.control.until(test, 10_000, since),
    async clear() {
      // The end of one may end others.
      for (let live = liveCall(); live !== undefined; live = liveCall()) network.control.hangUpCall(live)
      for (const phone of phones) if (phone.isRegistered) await phone.register(0)
      close()
      await network.idle()
      app.heard.length = 0
      app.pages.clear()
      since = network.control.log(0).at(-1)?.seq ?? 0
    },
    async stop() {
      close()
      await network.close()
      await app.stop()
    },
  }
}
