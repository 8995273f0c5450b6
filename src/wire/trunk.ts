/** SIP at the carrier: the domain of the workspace's own phones, and trunks, by which other exchanges call in. */
import { z } from 'zod'
import { nameText, optionalName } from './name.ts'

/** `pending`: the carrier is being told; `failed`: it has not taken it, `problem` says why, and it is asked again */
const status = z.enum(['off', 'pending', 'ready', 'failed'])
const transports = z.array(z.enum(['udp', 'tcp', 'tls']))

export const carrierPhones = z.object({
  enabled: z.boolean(),
  status,
  /** what is wrong, in words; null: nothing */
  problem: z.string().nullable(),
  /** where phones register; null: nowhere */
  domain_name: z.string().nullable(),
  transports,
})
export type CarrierPhonesShown = z.infer<typeof carrierPhones>
export const carrierPhonesChange = z.object({ enabled: z.boolean() })

/** Wider ranges are no exchange of anybody's. */
const PREFIX_MIN = 16
const NETWORK = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}(\/(3[0-2]|[12]?\d))?$/
/** An address, or a range of at most 65,536: `203.0.113.7`, `203.0.113.0/24`. */
const network = z
  .string()
  .trim()
  .max(18)
  .regex(NETWORK, 'an address or a range as 203.0.113.0/24')
  .refine(text => Number(text.split('/')[1] ?? 32) >= PREFIX_MIN, `a range has at least /${PREFIX_MIN}`)
const allowed_ips = z
  .array(network)
  .max(50)
  .refine(list => new Set(list).size === list.length, 'an address is named twice')

/** `basic`: a user and a password; `ip`: addresses. With both, an exchange needs both. */
export const newTrunk = z
  .object({
    name: nameText(120),
    detail: optionalName(400).default(''),
    auth_types: z
      .array(z.enum(['basic', 'ip']))
      .min(1)
      .max(2),
    allowed_ips: allowed_ips.default([]),
  })
  .superRefine(({ auth_types, allowed_ips: listed }, check) => {
    const problem = (message: string) => check.addIssue({ code: 'custom', path: ['allowed_ips'], message })
    if (auth_types.includes('ip') && listed.length === 0) problem('with ip, at least one address')
    if (!auth_types.includes('ip') && listed.length > 0) problem('only with ip')
  })
/** What is not named stays. */
export const trunkChange = z.object({ name: nameText(120), detail: optionalName(400), allowed_ips }).partial()

export const trunk = z.object({
  id: z.string(),
  name: z.string(),
  detail: z.string(),
  /** where the other exchange sends its calls; null: nowhere */
  domain_name: z.string().nullable(),
  status,
  problem: z.string().nullable(),
  transports,
  auth_types: z.array(z.enum(['basic', 'ip'])),
  /** null: it is known by its addresses alone */
  username: z.string().nullable(),
  allowed_ips: z.array(z.string()),
  tm_create: z.string(),
  tm_update: z.string(),
})
/** `password`: only in the answer that has made it */
export const madeTrunk = trunk.extend({ password: z.string().optional() })
export type ShownTrunk = z.infer<typeof trunk>
