import type { Driver } from './driver.ts'
import type { NetworkLog } from './network-log.ts'
import type { SipEvents } from './sip/contract.ts'

/** Passes what SIP phones do to the engine as inputs. */
export function sipEvents(driver: Driver, log: NetworkLog): SipEvents {
  return {
    onDialed(call) {
      const { facts } = driver.take({ kind: 'sip.dialed', ...call })
      return facts.find(fact => fact.kind === 'call-created')?.callSid ?? null
    },
    onRinging: callSid => void driver.take({ kind: 'sip.rang', callSid }),
    onAnswered: (callSid, outcome) => void driver.take({ kind: 'sip.answered', callSid, outcome }),
    onRefused: (callSid, code, outcome) => void driver.take({ kind: 'sip.refused', callSid, code, outcome }),
    onHungUp: callSid => void driver.take({ kind: 'sip.hung-up', callSid }),
    onDigits: (callSid, digits) => void driver.take({ kind: 'digits.pressed', callSid, digits }),
    onReferred: (callSid, token, what, code) =>
      void driver.take({ kind: what === 'answered' ? 'sip.referred' : 'sip.notified', callSid, token, code }),
    onRegistered: (domainSid, user, how) => log.append(driver.now(), { kind: 'sip-registered', domainSid, user, how }),
    onTrouble: (callSid, code, message) => log.append(driver.now(), { kind: 'alert', callSid, code, message }),
  }
}
