/** The phone network in a process of its own, so that its CPU time is measured apart from its callers'. */
import { startWholeNetwork } from '../../packages/phone-network/src/whole-network.ts'

const network = await startWholeNetwork({
  port: 0,
  account: { voiceUrl: process.argv[2] ?? '' },
  numbers: [{ number: '+14155550000', voiceUrl: process.argv[2] ?? '' }],
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1_000, atMs: performance.now() })
})
process.once('disconnect', () => process.exit(0))
process.send?.({ url: network.url, account: network.account })
