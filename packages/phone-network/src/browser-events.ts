import { readAccessToken } from './access-token.ts'
import type { AccountCredentials } from './account.ts'
import type { Driver } from './driver.ts'
import type { NetworkLog } from './network-log.ts'
import type { GatewayEvents } from './signalling/contract.ts'

/** Passes the events of browser devices to the engine as inputs. */
export function browserEvents(driver: Driver, account: AccountCredentials, log: NetworkLog): GatewayEvents {
  return {
    authorize: token => readAccessToken(token, account, Date.now(), sid => driver.world.keys.get(sid)?.secret),
    onInvite(device, parameters) {
      const { identity, applicationSid } = device
      const { facts } = driver.take({ kind: 'browser.dialed', identity, applicationSid, parameters })
      const created = facts.find(fact => fact.kind === 'call-created')
      if (!created) throw new Error('the engine made no call')
      return created.callSid
    },
    onClientAnswered: callSid => void driver.take({ kind: 'client.answered', callSid }),
    onClientRejected: (callSid, how) => void driver.take({ kind: 'client.rejected', callSid, how }),
    onClientHangup: callSid => void driver.take({ kind: 'client.hung-up', callSid }),
    onDtmf: (callSid, digits) => void driver.take({ kind: 'digits.pressed', callSid, digits }),
    onMessage: (callSid, { sid, content }) =>
      void driver.take({ kind: 'message.arrived', callSid, sid, content: JSON.stringify(content) }),
    onTrouble: (callSid, code, message) => log.append(driver.now(), { kind: 'alert', callSid, code, message }),
  }
}
