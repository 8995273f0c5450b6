import { expect, test } from 'vitest'
import { RUN } from '../../call/flow/run/table.ts'
import { checkOption } from '../fields.ts'
import { ALIASES, VERBS, type VerbName, verbName, verbOf, withDefaults } from './table.ts'

const NAMES = Object.keys(VERBS) as VerbName[]

/** VoIPBIN's verbs and their options (reference A2). Fields of ours are listed apart below. */
const VOIPBIN: Record<string, string> = {
  ...{ answer: '', beep: '', block: '', echo: 'duration', mute: '', stop: '', amd: 'machine_handle async' },
  play: 'stream_urls',
  talk: 'text language provider voice_id digits_handle async',
  digits_receive: 'duration length key',
  digits_send: 'digits duration interval',
  sleep: 'duration',
  stream_echo: 'duration',
  hangup: 'reason reference_id',
  branch: 'variable default_target_id target_ids',
  goto: 'target_id loop_count',
  condition_variable: 'condition variable value_type value_string value_number value_length false_target_id',
  condition_datetime: 'condition minute hour day month weekdays false_target_id',
  condition_call_digits: 'length key false_target_id',
  condition_call_status: 'status false_target_id',
  variable_set: 'key value',
  call: 'source destinations flow_id actions chained early_execution anonymous',
  connect: 'source destinations early_media relay_reason anonymous',
  confbridge_join: 'confbridge_id',
  conference_join: 'conference_id',
  queue_join: 'queue_id',
  recording_start: 'format end_of_silence end_of_key duration beep_start on_end_flow_id',
  ...{ recording_stop: '', transcribe_stop: '', external_media_stop: '' },
  transcribe_start: 'language on_end_flow_id provider direction',
  transcribe_recording: 'language on_end_flow_id',
  external_media_start:
    'external_host encapsulation transport transport_data connection_type format direction_listen direction_speak data',
  fetch: 'event_url event_method',
  fetch_flow: 'flow_id',
  webhook_send: 'sync uri method data_type data',
  message_send: 'source destinations text',
  email_send: 'destinations subject content attachments',
  conversation_send: 'conversation_id text sync',
  case_create: 'name detail note sync',
  ai_talk: 'assistance_type assistance_id duration',
  ai_task: 'assistance_type assistance_id',
  ai_summary: 'on_end_flow_id reference_type reference_id language',
}

test('all 43 verbs of VoIPBIN are here with their options', () => {
  expect(Object.keys(VOIPBIN)).toHaveLength(43)
  expect(NAMES.filter(name => verbOf(name).origin === 'voipbin').sort()).toEqual(Object.keys(VOIPBIN).sort())
  for (const [name, options] of Object.entries(VOIPBIN)) {
    const fields = verbOf(name as VerbName).fields.map(field => field.name)
    expect(
      options.split(' ').filter(option => option !== '' && !fields.includes(option)),
      name,
    ).toEqual([])
  }
})

test('ours are here: hours, menu, voicemail, callback, AI agent, transfer, consent, webhook, mask', () => {
  const ours = [
    'business_hours',
    'menu',
    'voicemail',
    'callback_offer',
    'ai_agent',
    'transfer',
    'consent',
    'webhook_fetch',
  ]
  for (const name of [...ours, 'mask_connect']) expect(verbOf(name as VerbName).origin).toBe('trunkline')
})

test('the seed’s names lead to verbs: answer, record_start, record_stop, conf_join, originate', () => {
  expect(['record_start', 'record_stop', 'conf_join', 'originate', 'answer'].map(verbName)).toEqual([
    ...['recording_start', 'recording_stop', 'conference_join', 'call', 'answer'],
  ])
  for (const name of Object.values(ALIASES)) expect(NAMES).toContain(name)
  expect(['agent_call', 'constructor', 'toString', ''].map(verbName)).toEqual([null, null, null, null])
})

test('a verb that a flow may have runs, and one that it may not have says why', () => {
  const runs = NAMES.filter(name => name in RUN)
  expect(NAMES.filter(name => verbOf(name).notYet === undefined).sort()).toEqual(runs.sort())
  for (const name of NAMES) expect(verbOf(name).notYet ?? 'it runs', name).toMatch(/\w{2,} \w/)
})

test('every row has what the form, the docs and the check need', () => {
  for (const name of NAMES) {
    const { label, help, fields } = verbOf(name)
    expect(`${label}|${help}`, name).toMatch(/^.{2,}\|.{3,}\.$/)
    expect(new Set(fields.map(field => field.name)).size, name).toBe(fields.length)
    for (const field of fields) {
      expect(field.help, `${name}.${field.name}`).toMatch(/.{3,}/)
      expect(field.kind === 'choice', `${name}.${field.name}`).toBe(field.choices !== undefined)
      // A field is required, or its absence means something: a default, or nothing to do.
      expect(field.required === true && field.default !== undefined, `${name}.${field.name}`).toBe(false)
    }
  }
})

test('the defaults of a verb are values that its fields allow', () => {
  for (const name of NAMES) {
    const verb = verbOf(name)
    const missing = verb.fields.filter(field => field.required).map(field => field.name)
    const wrong = checkOption(verb, withDefaults(name, {})).filter(({ field }) => !missing.includes(field))
    expect(wrong, name).toEqual([])
  }
})
