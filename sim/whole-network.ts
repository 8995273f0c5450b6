import { createSound } from './media/start-sound.ts'
import { createPage } from './page/page-server.ts'
import { type PhoneNetwork, type PhoneNetworkOptions, SEED, startPhoneNetwork } from './phone-network.ts'
import { createBrowserGateway } from './signalling/gateway.ts'

/** The phone network with everything that makes it alive: sound, browsers, and the developers' page at `/`. */
export async function startWholeNetwork(
  options: Omit<PhoneNetworkOptions, 'sound' | 'gatewayFactory' | 'pages' | 'upgrades'>,
): Promise<PhoneNetwork> {
  const sound = createSound({ seed: options.seed ?? SEED, ...(options.time ? { time: options.time } : {}) })
  const page = createPage({ plane: sound.plane })
  const network = await startPhoneNetwork({
    ...options,
    sound,
    gatewayFactory: ({ events }) => createBrowserGateway({ events, plane: sound.plane }),
    pages: (request, response) => page.handleRequest(request, response),
    upgrades: (request, socket, head) => page.upgrade(request, socket, head),
  })
  return {
    ...network,
    async close() {
      page.close()
      await network.close()
    },
  }
}
