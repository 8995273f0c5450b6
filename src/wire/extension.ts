/** Extensions: SIP phones that register with us or at the carrier. Times are ISO 8601 where not said otherwise. */
import { z } from 'zod'
import { nameText, optionalName } from './name.ts'

/** What is dialled. It is the user of a SIP address, so it has nothing that would have to be written otherwise there. */
const dialled = z
  .string()
  .min(2)
  .max(32)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, 'small letters, digits, - and _, beginning with a letter or a digit')

export const newExtension = z.object({
  extension: dialled,
  name: nameText(120),
  detail: optionalName(400).default(''),
  /** its phones register at the carrier, over UDP, TCP or TLS, and reach numbers */
  at_carrier: z.boolean().default(false),
})
const target = z.string().min(1).max(100).nullable().optional()
/** What an extension may lead to instead of its phones. */
export const EXTENSION_LEADS = ['flow_id', 'queue_id', 'conference_id', 'agent_id'] as const
/** What is not named stays. `at_carrier: true` makes a new password. One of the leads is named at most; null: it rings its phones. */
export const extensionChange = z
  .object({
    ...{ name: nameText(120).optional(), detail: optionalName(400).optional(), at_carrier: z.boolean().optional() },
    ...{ flow_id: target, queue_id: target, conference_id: target, agent_id: target },
  })
  .superRefine((given, check) => {
    const named = EXTENSION_LEADS.filter(field => given[field] != null)
    for (const field of named.slice(1))
      check.addIssue({
        code: 'custom',
        path: [field],
        message: `an extension leads to one thing, and ${named[0]} is named`,
      })
  })

export const extension = z.object({
  id: z.string(),
  extension: z.string(),
  name: z.string(),
  detail: z.string(),
  /** the SIP domain, which is the realm of the password as well */
  domain_name: z.string(),
  /** the user of its phones */
  username: z.string(),
  /** where its phones connect, with the subprotocol `sip` */
  ws_url: z.string(),
  /** the carrier lets its phones in; the password is the same as here */
  at_carrier: z.boolean(),
  /** where they register at the carrier; null: nowhere */
  carrier_domain_name: z.string().nullable(),
  /** what it leads to instead of its phones: one of these at most */
  flow_id: z.string().nullable(),
  queue_id: z.string().nullable(),
  conference_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  /** a phone of it is connected here; of those at the carrier nothing is known */
  registered: z.boolean(),
  phones: z.number().int(),
  /** when a phone has last registered; null: never */
  tm_last_seen: z.string().nullable(),
  tm_create: z.string(),
  tm_update: z.string(),
})
/** What everybody of the team may know of an extension, for the directory. */
export const directoryRow = z.object({
  extension: z.string(),
  name: z.string(),
  /** phones in browsers that are connected now */
  phones: z.number().int(),
  /** the carrier rings its phones, so the pad reaches it */
  at_carrier: z.boolean(),
})
export type DirectoryRow = z.infer<typeof directoryRow>
/** For a phone in a browser, by which its sound finds a way through firewalls; as `RTCIceServer`. */
const ice_servers = z.array(
  z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() }),
)
export const iceServers = z.object({
  ice_servers,
  /** seconds for which they are good; null: until the setting changes */
  ttl: z.number().int().nullable(),
})
/** The only answers that have the password. */
export const madeExtension = extension.extend({ password: z.string(), ice_servers })
/** `password`: its phones are at the carrier from now on, which takes no password that was kept as a hash */
export const changedExtension = extension.extend({ password: z.string().optional() })
export type ShownExtension = z.infer<typeof extension>

const rung = z.object({ at_ms: z.number(), from: z.string(), to: z.string(), line: z.string() })
/** The messages of a call between extensions: first lines only and no sound. The address in a line is the one that a phone has written. */
export const sipLadder = z.object({
  call_id: z.string(),
  from: z.string(),
  to: z.string(),
  /** why it is over, or where it is, in a sentence */
  cause: z.string(),
  /** no message comes any more */
  settled: z.boolean(),
  /** the answer that the caller's phone was given; null: none, or the call was answered */
  status: z.number().int().nullable(),
  messages: z.array(rung),
  /** messages between the first and the last of these that were left out; they belong behind `messages[omitted_after]` */
  omitted: z.number().int(),
  omitted_after: z.number().int(),
})
export type SipLadder = z.infer<typeof sipLadder>
