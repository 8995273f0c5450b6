/** Our side of the contract: takes a carrier's webhooks through its door, keeps what they say, and answers with instructions. */
import type { Instructions } from '../../../src/core/instruction/instruction.ts'
import type { CarrierAccount } from '../../../src/providers/telephony/port.ts'
import type { CarrierDoor, CarrierEvent, Webhook } from '../../../src/providers/telephony/webhook-port.ts'

export interface Heard {
  event: CarrierEvent
  webhook: Webhook
}

const QUESTIONS: ReadonlySet<CarrierEvent['kind']> = new Set<CarrierEvent['kind']>([
  'leg-asks',
  'call-asks',
  'dial-ended',
  'summary-asked',
  'hold-asked',
  'call-brought',
  'phone-dials',
])
const LISTEN: Instructions = [{ kind: 'wait', ms: 30_000 }]

export class Program<A extends CarrierAccount> {
  readonly heard: Heard[] = []
  readonly #account: A
  readonly #base: string
  readonly #door: CarrierDoor<A>
  /** what every call is told; a test sets it */
  says: (event: CarrierEvent) => Instructions = () => LISTEN

  /** `base`: the path in front of this carrier's webhooks */
  constructor(account: A, base: string, door: CarrierDoor<A>) {
    this.#account = account
    this.#base = base
    this.#door = door
  }

  async take(pathAndQuery: string, header: Webhook['header'], body: string): Promise<{ status: number; text: string }> {
    const path = pathAndQuery.split('?')[0]?.slice(this.#base.length) ?? ''
    const webhook: Webhook = { path, pathAndQuery, header, body }
    const event = await this.#door.open(this.#account, webhook)
    if (event === null) return { status: 404, text: '' }
    this.heard.push({ event, webhook })
    if (!QUESTIONS.has(event.kind)) return { status: 204, text: '' }
    const callId = 'callId' in event ? (event.callId ?? '') : ''
    const document = await this.#door.document(this.#account, callId, this.says(event))
    return { status: 200, text: document.body }
  }
}
