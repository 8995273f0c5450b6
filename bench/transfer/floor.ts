/** A floor for benches of transfers: the whole product, the phone network, and agents who act by their desk's socket and a line without a browser. */
import WebSocket from 'ws'
import { call as ask, signIn } from '../../scripts/local/demo.ts'
import { type Stage, setStage } from '../../scripts/local/stage.ts'
import type { DeskAction, DeskMessage, DeskView } from '../../src/wire/desk.ts'

export const MAIN = '+14155550070'
const PASSWORD = 'transfers-are-benched'

export interface Floor {
  stage: Stage
  agents: Agent[]
  queueId: string
  /** as the administrator */
  read(route: string): Promise<unknown>
  close(): Promise<void>
}

/** Agents of one queue, into which our number leads. */
export async function openFloor(agents: number): Promise<Floor> {
  const log = () => undefined
  // The dialer is built because its files hold the music; without it every hold is a 404 that ends the call.
  const stage = await setStage({ state: null, port: 5450, networkPort: 5470, cps: 50, log })
  const root = await signIn(stage.url, 'root')
  const asRoot = <T>(method: string, route: string, body?: object) => ask<T>(stage.url, root, method, route, body)
  const sitting: Agent[] = []
  for (let index = 1; index <= agents; index += 1) {
    const email = `agent${index}@example.com`
    const { userId } = await asRoot<{ userId: string }>('POST', '/api/members', {
      ...{ email, name: `Agent ${index}`, password: PASSWORD, role: 'agent' },
    })
    sitting.push(await Agent.sit(stage, userId, email))
  }
  const members = sitting.map(({ userId }) => ({ agent_id: userId.replace(/^.*\./, '') }))
  const queue = await asRoot<{ id: string }>('POST', '/v1.0/queues', {
    ...{ name: 'Bench', members, wrap_up: 0, wait_timeout: 0, pause_unanswered: false },
  })
  const url = `${stage.url}/twilio/w_demo`
  stage.network.control.setNumber({ number: MAIN, voiceUrl: `${url}/inbound`, statusCallback: `${url}/inbound-status` })
  await asRoot('POST', '/api/numbers', { number: MAIN, name: 'Main line', inFlightCap: 100, cooldownSeconds: 0 })
  const actions = [{ type: 'answer' }, { type: 'queue_join', option: { queue_id: queue.id } }]
  const flow = await asRoot<{ id: string }>('POST', '/v1.0/flows', { name: 'Bench', actions })
  await asRoot('PUT', `/v1.0/numbers/${encodeURIComponent(MAIN)}`, { flow_id: flow.id })
  return {
    stage,
    agents: sitting,
    queueId: queue.id,
    read: route => asRoot('GET', route),
    async close() {
      for (const agent of sitting) agent.leave()
      await stage.close()
    },
  }
}

/** Somebody at a desk: the page's socket, and a line that is opened again when it is lost. */
export class Agent {
  readonly userId: string
  /** told of each change of the desk */
  changed: (view: DeskView) => void = () => undefined
  view: DeskView | null = null
  lineSid = ''
  readonly #stage: Stage
  readonly #socket: WebSocket
  readonly #answers = new Map<string, (reason: string) => void>()
  #commands = 0

  private constructor(stage: Stage, userId: string, socket: WebSocket) {
    this.userId = userId
    this.#stage = stage
    this.#socket = socket
  }

  static async sit(stage: Stage, userId: string, email: string): Promise<Agent> {
    const answer = await fetch(`${stage.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: stage.url },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
    if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
    const cookie = answer.headers
      .getSetCookie()
      .map(one => one.split(';', 1)[0])
      .join('; ')
    const headers = { Cookie: cookie, Origin: stage.url }
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/api/desk`, { headers })
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    const agent = new Agent(stage, userId, socket)
    socket.on('message', data => agent.#receive(JSON.parse(String(data)) as DeskMessage))
    agent.#send({ type: 'hello', protocol: 1, tabId: 'bench', since: 0 })
    agent.#send({ type: 'phone.claim', tabId: 'bench' })
    agent.#send({ type: 'phone.registered', tabId: 'bench' })
    await agent.until(view => view.phone.state === 'registered')
    agent.openLine()
    await agent.until(view => view.line.state === 'open')
    return agent
  }

  #receive(message: DeskMessage): void {
    if (message.type === 'inbox' || message.type === 'live') return
    if (message.type !== 'view') {
      this.#answers.get(message.id)?.(message.type === 'accepted' ? '' : message.reason)
      this.#answers.delete(message.id)
      return
    }
    this.view = message.view
    this.#send({ type: 'ack', seq: message.seq })
    this.changed(message.view)
  }

  /** Resolves with the reason of a refusal; empty: it was accepted. */
  do(action: DeskAction): Promise<string> {
    return new Promise(resolve => this.#answers.set(this.#send(action), resolve))
  }

  #send(action: DeskAction): string {
    this.#commands += 1
    const id = `bench-${this.#commands}`
    this.#socket.send(JSON.stringify({ id, ...action }))
    return id
  }

  openLine(): void {
    const identity = this.view?.agent.identity ?? ''
    this.lineSid = this.#stage.network.control.browserDials(identity, { kind: 'line' })
  }

  async until(test: (view: DeskView) => boolean, limitMs = 20_000): Promise<void> {
    const before = this.changed
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`a desk never came so far: ${JSON.stringify(this.view)}`)),
        limitMs,
      )
      const look = (view: DeskView) => {
        before(view)
        if (!test(view)) return
        clearTimeout(timer)
        this.changed = before
        resolve()
      }
      this.changed = look
      if (this.view !== null) look(this.view)
    })
  }

  leave(): void {
    this.#socket.terminate()
  }
}
