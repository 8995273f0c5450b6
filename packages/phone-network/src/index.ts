/**
 * `@trunkline/phone-network`: a phone network in one Node process, for programs that speak with Twilio. For a test that
 * only wants a network, `@trunkline/phone-network/testing` is shorter.
 */
export type { AccountCredentials } from './account.ts'
export { Control, ControlError, type NumberSettings } from './control/control.ts'
export {
  type EightByEight,
  type EightFaults,
  type EightOptions,
  type EightPerson,
  type EightSent,
  type EightServer,
  startEightByEight,
} from './eight-by-eight/server.ts'
export type { Entry } from './network-log.ts'
export type { Act, WrittenAct } from './people/acts.ts'
export { type Person, type Script, ScriptError } from './people/script.ts'
export {
  type PhoneNetwork,
  type PhoneNetworkOptions,
  startPhoneNetwork as startSilentPhoneNetwork,
} from './phone-network.ts'
export { environmentOf } from './program-environment.ts'
export { VirtualTime } from './time.ts'
export { startWholeNetwork as startPhoneNetwork, type WholeNetworkOptions } from './whole-network.ts'
