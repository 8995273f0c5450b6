/**
 * Joins the parts of one signed-in desk: link, store, phone, sounds. It is made once after sign-in, outside React, so that no
 * navigation can drop a call (S3-43).
 */
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import { ApiProblem, ask, getMe, reserveTrial, urlOf } from '../api.ts'
import { AiCall } from '../phone/ai-call.ts'
import { CallSoundPlayer } from '../phone/call-sound.ts'
import { ColleagueCall } from '../phone/colleague-call.ts'
import type { Phone } from '../phone/port.ts'
import { SoundBox } from '../phone/sounds.ts'
import { SupervisionCall } from '../phone/supervision-call.ts'
import { TwilioPhone } from '../phone/twilio-phone.ts'
import { cueFor, rings } from './cues.ts'
import { type Answer, DeskLink, type SocketLike } from './link.ts'
import { LiveNews } from './live-news.ts'
import { preferences } from './preferences.ts'
import { DeskStore } from './store.ts'
import { refusalWords } from './words.ts'

const CHECKED_KEY = 'trunkline.headset-checked'

export class Desk {
  readonly store = new DeskStore()
  readonly sounds = new SoundBox()
  readonly tabId: string
  readonly phone: Phone
  /** a call by which somebody of the team tries an AI agent; it goes on when the page changes, as every call does */
  readonly aiCall = new AiCall(reserveTrial)
  /** browser to browser */
  readonly colleagueCall = new ColleagueCall()
  /** a supervisor on somebody's conversation */
  readonly supervision = new SupervisionCall({
    ask: (callId, mode) => ask('POST /v1.0/calls/:callId/supervise', { params: { callId }, body: { mode } }),
    read: supervisionId => ask('GET /v1.0/supervisions/:supervisionId', { params: { supervisionId } }),
    change: (supervisionId, mode) =>
      ask('PUT /v1.0/supervisions/:supervisionId', { params: { supervisionId }, body: { mode } }),
    stop: supervisionId => ask('DELETE /v1.0/supervisions/:supervisionId', { params: { supervisionId } }),
  })
  /** the sound of an AI agent's call */
  readonly callSound = new CallSoundPlayer(callId =>
    openSocket(urlOf('GET /api/calls/:callId/listen', { params: { callId } })),
  )
  /** what pages show of others */
  readonly live = new LiveNews(on => this.#link.send({ type: 'look', on }))
  readonly #link: DeskLink
  readonly #unsubscribe: () => void

  /** `onSignedOut` is called when the server reports that the person is signed out. */
  constructor(tabId: string, onSignedOut: () => void) {
    this.tabId = tabId
    this.#link = new DeskLink({
      tabId,
      openSocket: () => openDeskSocket(),
      nowMs: () => Date.now(),
      random: () => Math.random(),
      newId: () => crypto.randomUUID(),
      setTimer: (run, ms) => window.setTimeout(run, ms),
      clearTimer: timer => window.clearTimeout(timer),
      onView: message => {
        const before = this.store.get().view
        // Another tab of this sign-in has gone to another workspace, and what this page shows is of the one before.
        if (before !== null && before.agent.deskId !== message.view.agent.deskId) return window.location.assign('/app/')
        this.store.viewArrived(message, Date.now())
        this.#sound(before, message.view)
      },
      onInbox: () => this.store.inboxChanged(),
      onLive: of => this.live.heard(of),
      onState: link => {
        this.store.linkChanged(link)
        this.live.linkChanged(link.name === 'open')
      },
      onNeverOpened: () => void stillSignedIn().then(signedIn => signedIn || onSignedOut()),
    })
    this.phone = new TwilioPhone(
      {
        tabId,
        view: () => this.store.get().view,
        linkOpen: () => this.#link.state.name === 'open',
        send: action => this.#link.send(action),
        onChange: listener => this.store.subscribe(listener),
        notify: (tone, text) => this.store.notify(tone, text),
      },
      this.sounds,
    )
    this.#unsubscribe = preferences.subscribe(() => this.sounds.setEnabled(preferences.get().sounds))
    this.sounds.setEnabled(preferences.get().sounds)
    window.addEventListener('online', this.#online)
    document.addEventListener('visibilitychange', this.#seen)
    this.#seen()
  }

  start(): void {
    this.#link.start()
  }

  /** True if the headset check was done in this tab, so that the phone may start by itself after a reload. */
  get headsetChecked(): boolean {
    return sessionStorage.getItem(CHECKED_KEY) === this.tabId
  }

  headsetCheckDone(): void {
    sessionStorage.setItem(CHECKED_KEY, this.tabId)
  }

  retryLink(): void {
    this.#link.retryNow()
  }

  /** Sends a command; a refusal becomes a notice in words. */
  async act(action: DeskAction): Promise<Answer> {
    const done = this.store.commandSent(action)
    const answer = await this.#link.send(action)
    done(answer)
    if (!answer.ok) this.store.notify('problem', problemWords(answer, action.type))
    return answer
  }

  /** Saves a note. The field shows its state, so a refusal raises no notice. */
  saveNote(callId: string, text: string): Promise<Answer> {
    return this.#link.send({ type: 'note.saved', callId, text })
  }

  /** Accepts a call at the desk first, which puts a customer on the line on hold, and then at the phone. */
  async acceptInbound(callId: string): Promise<void> {
    const joins = this.#joinsTheLine(callId)
    const answer = await this.act({ type: 'inbound.accept', callId })
    if (answer.ok && !joins) this.phone.acceptInbound(callId)
  }

  async declineInbound(callId: string): Promise<void> {
    const joins = this.#joinsTheLine(callId)
    const answer = await this.act({ type: 'inbound.decline', callId })
    if (answer.ok && !joins) this.phone.declineInbound(callId)
  }

  /** True for a person who is handed over: they join the open line, so no call is offered to this phone. */
  #joinsTheLine(callId: string): boolean {
    const ring = this.store.get().view?.inbound
    return ring?.callId === callId && ring.transfer != null && ring.transfer.program === undefined
  }

  /** Ends everything at sign-out. */
  stop(): void {
    window.removeEventListener('online', this.#online)
    document.removeEventListener('visibilitychange', this.#seen)
    this.#unsubscribe()
    this.phone.stop()
    this.aiCall.stop()
    this.colleagueCall.close()
    this.supervision.close()
    this.callSound.stop()
    this.sounds.stopRing()
    this.#link.stop()
    this.store.clear()
    sessionStorage.removeItem(CHECKED_KEY)
  }

  readonly #online = () => this.#link.retryNow()
  readonly #seen = () => this.live.frontChanged(document.visibilityState === 'visible')

  #sound(before: DeskView | null, view: DeskView): void {
    const cue = cueFor(before, view)
    if (cue !== null) this.sounds.play(cue)
    // Only the tab that owns the phone can answer, so only it rings.
    if (rings(view) && view.phone.ownerTabId === this.tabId) this.sounds.startRing()
    else this.sounds.stopRing()
  }
}

function openSocket(path: string): WebSocket {
  const address = new URL(path, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return new WebSocket(address)
}

function openDeskSocket(): SocketLike {
  const socket = openSocket(urlOf('GET /api/desk'))
  return {
    set onopen(run: (() => void) | null) {
      socket.onopen = run
    },
    set onmessage(run: ((event: { data: unknown }) => void) | null) {
      socket.onmessage = run
    },
    set onclose(run: ((event: { code: number; reason: string }) => void) | null) {
      socket.onclose = run
    },
    send: text => {
      // The browser throws after the connection broke and before the close event. The command is sent again after a reconnect.
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: code => socket.close(code),
  }
}

/** A page cannot tell a refused upgrade from other failures, so this asks the API. If it is unreachable, true is returned. */
async function stillSignedIn(): Promise<boolean> {
  try {
    // The workspace may want a second factor since a moment ago; the page that is loaded anew says so.
    if ((await getMe()).owesSecondFactor) window.location.assign('/app/')
    return true
  } catch (error) {
    return !(error instanceof ApiProblem && error.status === 401)
  }
}

/** Which calling rule refused, and until when, is known to the server alone. */
function problemWords({ reason, message }: Extract<Answer, { ok: false }>, type: DeskAction['type']): string {
  return reason === 'not-cleared' ? message : refusalWords(reason, type)
}
