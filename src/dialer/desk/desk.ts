/**
 * Joins the parts of one signed-in desk: link, store, phone, sounds. It is made once after sign-in, outside React, so that no
 * navigation can drop a call (S3-43).
 */
import type { DeskAction, DeskView } from '../../wire/desk.ts'
import { ApiProblem, getMe, reserveTrial, urlOf } from '../api.ts'
import { AiCall } from '../phone/ai-call.ts'
import type { Phone } from '../phone/port.ts'
import { SoundBox } from '../phone/sounds.ts'
import { TwilioPhone } from '../phone/twilio-phone.ts'
import { cueFor, rings } from './cues.ts'
import { type Answer, DeskLink, type SocketLike } from './link.ts'
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
        this.store.viewArrived(message, Date.now())
        this.#sound(before, message.view)
      },
      onState: link => this.store.linkChanged(link),
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

  /** True for a call that an AI agent hands over: it joins the open line, so no call is offered to this phone. */
  #joinsTheLine(callId: string): boolean {
    const ring = this.store.get().view?.inbound
    return ring?.callId === callId && ring.transfer != null
  }

  /** Ends everything at sign-out. */
  stop(): void {
    window.removeEventListener('online', this.#online)
    this.#unsubscribe()
    this.phone.stop()
    this.aiCall.stop()
    this.sounds.stopRing()
    this.#link.stop()
    this.store.clear()
    sessionStorage.removeItem(CHECKED_KEY)
  }

  readonly #online = () => this.#link.retryNow()

  #sound(before: DeskView | null, view: DeskView): void {
    const cue = cueFor(before, view)
    if (cue !== null) this.sounds.play(cue)
    // Only the tab that owns the phone can answer, so only it rings.
    if (rings(view) && view.phone.ownerTabId === this.tabId) this.sounds.startRing()
    else this.sounds.stopRing()
  }
}

function openDeskSocket(): SocketLike {
  const address = new URL(urlOf('GET /api/desk'), window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(address)
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
    await getMe()
    return true
  } catch (error) {
    return !(error instanceof ApiProblem && error.status === 401)
  }
}

/** Which calling rule refused, and until when, is known to the server alone. */
function problemWords({ reason, message }: Extract<Answer, { ok: false }>, type: DeskAction['type']): string {
  return reason === 'not-cleared' ? message : refusalWords(reason, type)
}
