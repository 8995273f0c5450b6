import type { TwimlNode } from '../twiml/document.ts'
import { isTrue } from './attributes.ts'
import { sendDigits } from './digits.ts'
import type { RelayInput } from './media-input.ts'
import { type Interrupts, RELAYS_KEPT_MAX, type Relay, type RelaySettings } from './media-world.ts'
import { recognise } from './recogniser.ts'
import { parametersOf } from './streams.ts'
import { transcribeNetwork } from './transcription.ts'
import { alert, fact, intend, type Turn } from './turn.ts'
import { voiceFields } from './webhook-fields.ts'
import { type Call, isLive, newSid, type Target } from './world.ts'

/** `<Connect><ConversationRelay>`: https://www.twilio.com/docs/voice/conversationrelay */

/** `true` and `false` are the older values. */
function interruptsOf(value: string | undefined, otherwise: Interrupts): Interrupts {
  const word = value?.toLowerCase()
  if (word === 'true') return 'any'
  if (word === 'false') return 'none'
  return word === 'any' || word === 'none' || word === 'dtmf' || word === 'speech' ? word : otherwise
}

function settingsOf({ attributes, children }: TwimlNode): RelaySettings {
  const events = `${attributes.events ?? ''} ${attributes.debug ?? ''}`.split(/\s+/)
  const language = attributes.language ?? 'en-US'
  const tongue = children.find(child => child.name === 'Language' && child.attributes.code === language)
  return {
    greeting: attributes.welcomeGreeting ?? '',
    greetingInterruptible: interruptsOf(attributes.welcomeGreetingInterruptible, 'any'),
    interruptible: interruptsOf(attributes.interruptible, 'any'),
    dtmf: isTrue(attributes.dtmfDetection, false),
    reports: interruptsOf(attributes.reportInputDuringAgentSpeech, 'none'),
    voice: attributes.voice ?? tongue?.attributes.voice ?? null,
    language: attributes.ttsLanguage ?? language,
    transcriptionLanguage: attributes.transcriptionLanguage ?? language,
    partialPrompts: isTrue(attributes.partialPrompts, false),
    preemptible: isTrue(attributes.preemptible, false),
    speakerEvents: events.includes('speaker-events'),
    tokensPlayed: events.includes('tokens-played'),
  }
}

/** Null when it cannot be opened; the log says why. */
export function openRelay(turn: Turn, call: Call, noun: TwimlNode, action: Target | null): Relay | null {
  const { url = '' } = noun.attributes
  if (!URL.canParse(url) || new URL(url).protocol !== 'wss:') {
    alert(turn, call, 64101, `ConversationRelay: the URL must be a wss:// URL, not "${url}"`)
    return null
  }
  const { relays } = turn.world.media
  if (relays.size >= RELAYS_KEPT_MAX) {
    const oldest = [...relays.values()].find(relay => relay.over)
    if (oldest) relays.delete(oldest.sid)
  }
  const relay: Relay = { sid: newSid(turn.world, 'VX'), callSid: call.sid, action, startedAt: turn.at, over: false }
  relays.set(relay.sid, relay)
  fact(turn, { kind: 'relay-started', callSid: call.sid, relaySid: relay.sid })
  const setup = {
    sessionId: relay.sid,
    accountSid: turn.world.account.accountSid,
    parentCallSid: call.parentSid ?? '',
    callSid: call.sid,
    from: call.from,
    to: call.to,
    forwardedFrom: '',
    callType: 'PSTN',
    callerName: call.callerName ?? '',
    direction: call.direction,
    callStatus: 'RINGING',
    customParameters: parametersOf(turn, call, noun),
  }
  intend(turn, { do: 'relay-open', callSid: call.sid, relaySid: relay.sid, url, setup, settings: settingsOf(noun) })
  return relay
}

export function relayOf(turn: Turn, call: Call): Relay | null {
  for (const run of [call, ...call.outer]) {
    if (run.doing.what === 'connected') return turn.world.media.relays.get(run.doing.sid) ?? null
  }
  return null
}

function end(turn: Turn, relay: Relay): void {
  relay.over = true
  fact(turn, { kind: 'relay-ended', callSid: relay.callSid, relaySid: relay.sid })
}

function sessionFields(turn: Turn, relay: Relay, status: string): Record<string, string> {
  const seconds = String(Math.round((turn.at - relay.startedAt) / 1_000))
  return { SessionId: relay.sid, SessionStatus: status, SessionDuration: seconds }
}

/**
 * Close the relay. When the call ends (`told`), the program's action is called and its answer ignored; when other TwiML
 * comes, only the socket closes.
 */
export function closeRelay(turn: Turn, call: Call, told: boolean): void {
  const relay = relayOf(turn, call)
  if (relay === null || relay.over) return
  intend(turn, { do: 'relay-close', relaySid: relay.sid })
  end(turn, relay)
  if (relay.action === null || !told) return
  intend(turn, {
    do: 'notify',
    webhook: 'voice',
    lane: `relay ${relay.sid}`,
    callSid: call.sid,
    target: relay.action,
    fields: { ...voiceFields(turn.world, call), CallStatus: 'completed', ...sessionFields(turn, relay, 'completed') },
  })
}

export function relayBegan(turn: Turn, call: Call): void {
  const relay = relayOf(turn, call)
  if (relay !== null && !relay.over) intend(turn, { do: 'relay-began', relaySid: relay.sid })
}

export function relayHeard(turn: Turn, call: Call, text: string): void {
  const relay = relayOf(turn, call)
  if (relay === null || relay.over) return
  intend(turn, { do: 'relay-heard', relaySid: relay.sid, text: recognise(turn.world, text).text })
}

export function relayDigits(turn: Turn, call: Call, digits: string): void {
  const relay = relayOf(turn, call)
  if (relay !== null && !relay.over) intend(turn, { do: 'relay-dtmf', relaySid: relay.sid, digits })
}

/** The result of a relay that is over, for the `<Connect>` that waits for it. */
export interface RelayOver {
  call: Call
  relaySid: string
  fields: Record<string, string>
}

export function takeRelayInput(turn: Turn, input: RelayInput): RelayOver | null {
  const relay = turn.world.media.relays.get(input.relaySid)
  const call = relay && turn.world.calls.get(relay.callSid)
  if (!relay || relay.over || !call || !isLive(call)) return null
  if (input.kind === 'relay.said') {
    fact(turn, { kind: 'network-said', callSid: call.sid, text: input.text })
    transcribeNetwork(turn, call, input.text)
    return null
  }
  if (input.kind === 'relay.pressed') {
    sendDigits(turn, call, input.digits)
    return null
  }
  end(turn, relay)
  const { code, message, failed, handoffData } = input
  if (code !== 0) alert(turn, call, code, message)
  if (relayOf(turn, call) !== relay) return null
  const fields = {
    ...sessionFields(turn, relay, failed ? 'failed' : 'ended'),
    ...(handoffData === null ? {} : { HandoffData: handoffData }),
    ...(failed ? { ErrorCode: String(code), ErrorMessage: message } : {}),
  }
  return { call, relaySid: relay.sid, fields }
}
