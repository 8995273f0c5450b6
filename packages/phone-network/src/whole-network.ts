import { startCrm } from './crm/crm-server.ts'
import { createSound } from './media/start-sound.ts'
import { createPage } from './page/page-server.ts'
import { type PhoneNetwork, type PhoneNetworkOptions, SEED, startPhoneNetwork } from './phone-network.ts'
import { createBrowserGateway } from './signalling/gateway.ts'
import { startSpeech } from './speech/speech-server.ts'

export interface WholeNetworkOptions
  extends Omit<PhoneNetworkOptions, 'sound' | 'speech' | 'crm' | 'gatewayFactory' | 'pages' | 'upgrades'> {
  /** where the speech services listen; default: any free port */
  speechPort?: number
  /** where the CRM listens; default: any free port */
  crmPort?: number
}

/** The phone network with all of its parts: sound, browsers, speech services, a CRM, the developers' page at `/`. */
export async function startWholeNetwork(options: WholeNetworkOptions): Promise<PhoneNetwork> {
  const sound = createSound({ seed: options.seed ?? SEED, ...(options.time ? { time: options.time } : {}) })
  const page = createPage({ plane: sound.plane })
  const { time } = options
  const speech = await startSpeech({
    port: options.speechPort ?? 0,
    voices: sound.voices,
    ...(time ? { now: () => time.now() } : {}),
  })
  const crm = await startCrm({
    port: options.crmPort ?? 0,
    ...(time ? { now: () => time.now() } : {}),
  })
  const network = await startPhoneNetwork({
    sipPort: 0,
    ...options,
    sound,
    speech,
    crm,
    gatewayFactory: ({ events }) => createBrowserGateway({ events, plane: sound.plane }),
    pages: (request, response) => page.handleRequest(request, response),
    upgrades: (request, socket, head) => page.upgrade(request, socket, head),
  }).catch(async (error: unknown) => {
    await Promise.all([speech.close(), crm.close()])
    throw error
  })
  return {
    ...network,
    async close() {
      page.close()
      await Promise.all([speech.close(), crm.close()])
      await network.close()
    },
  }
}
