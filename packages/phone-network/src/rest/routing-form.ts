import type { Routing } from '../engine/account.ts'
import type { Target } from '../engine/world.ts'
import { type Form, flag, methodOf, one, urlOf } from './form.ts'

/** The routing of calls that numbers and applications have in common: read from a form, written as JSON. */

const SMS_NAMES = [
  'SmsUrl',
  'SmsMethod',
  'SmsFallbackUrl',
  'SmsFallbackMethod',
  'SmsApplicationSid',
  'SmsStatusCallback',
  'MessageStatusCallback',
]

/** Throws `RestError`: 21502 for an invalid URL. An empty text removes the old setting. */
function smsSetting(form: Form, name: string): string {
  if (/Url$|Callback$/.test(name)) return urlOf(form, name, 21502) ?? ''
  return name.endsWith('Method') ? methodOf(form, name) : (one(form, name) ?? '')
}

function targetOf(form: Form, name: string, methodName: string, old: Target): Target {
  // An empty URL removes the old one.
  const url = form.has(name) ? (urlOf(form, name, 21502) ?? '') : old.url
  return { url, method: methodOf(form, methodName, old.method) }
}

/** The settings of `old` with those of `form`. Throws `RestError`, 21502 for an invalid URL. */
export function readRouting(form: Form, old: Routing): Routing {
  const sms = { ...old.sms }
  for (const name of SMS_NAMES) if (form.has(name)) sms[name] = smsSetting(form, name)
  return {
    friendlyName: one(form, 'FriendlyName')?.slice(0, 64) ?? old.friendlyName,
    voice: targetOf(form, 'VoiceUrl', 'VoiceMethod', old.voice),
    fallback: targetOf(form, 'VoiceFallbackUrl', 'VoiceFallbackMethod', old.fallback),
    statusCallback: targetOf(form, 'StatusCallback', 'StatusCallbackMethod', old.statusCallback),
    callerIdLookup: flag(form, 'VoiceCallerIdLookup') ?? old.callerIdLookup,
    sms,
  }
}

/** The keys that numbers and applications share. */
export function routingKeys(routing: Routing): Record<string, unknown> {
  const { voice, fallback, statusCallback, sms } = routing
  return {
    friendly_name: routing.friendlyName,
    voice_url: voice.url || null,
    voice_method: voice.method,
    voice_fallback_url: fallback.url || null,
    voice_fallback_method: fallback.method,
    status_callback: statusCallback.url || null,
    status_callback_method: statusCallback.method,
    voice_caller_id_lookup: routing.callerIdLookup,
    sms_url: sms.SmsUrl || null,
    sms_method: sms.SmsMethod || 'POST',
    sms_fallback_url: sms.SmsFallbackUrl || null,
    sms_fallback_method: sms.SmsFallbackMethod || 'POST',
  }
}
