import type { AccountSettings } from '../engine/book.ts'

/** Reading `POST /_/account`: the account's state and limits. */

export const BLOCKED_PREFIXES_MAX = 500

/** A setting that is refused; the message says which one and why. */
export class SettingsError extends Error {}

function limitOf(value: unknown, name: string): number | null {
  if (value === null) return null
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 100_000) {
    throw new SettingsError(`${name} must be null or a whole number from 0 to 100000`)
  }
  return value
}

function prefixesOf(value: unknown): string[] {
  const fits = (prefix: unknown): prefix is string => typeof prefix === 'string' && /^\+\d{1,15}$/.test(prefix)
  if (!Array.isArray(value) || value.length > BLOCKED_PREFIXES_MAX || !value.every(fits)) {
    throw new SettingsError(`blockedPrefixes must be a list of at most ${BLOCKED_PREFIXES_MAX} like "+882"`)
  }
  return value
}

function statusOf(value: unknown): 'active' | 'suspended' | 'closed' {
  if (value !== 'active' && value !== 'suspended' && value !== 'closed') {
    throw new SettingsError('status must be active, suspended or closed')
  }
  return value
}

function opensOf(value: unknown): 'at-answer' | 'at-dial' {
  if (value !== 'at-answer' && value !== 'at-dial') throw new SettingsError('browserOpens must be at-answer or at-dial')
  return value
}

/** Throws `SettingsError`. Settings that are absent stay as they are. */
export function readAccountSettings(value: unknown): AccountSettings {
  const raw = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const settings: AccountSettings = {}
  if (raw.status !== undefined) settings.status = statusOf(raw.status)
  if (raw.blockedPrefixes !== undefined) settings.blockedPrefixes = prefixesOf(raw.blockedPrefixes)
  if (raw.requestsMax !== undefined) settings.requestsMax = limitOf(raw.requestsMax, 'requestsMax')
  if (raw.browserOpens !== undefined) settings.browserOpens = opensOf(raw.browserOpens)
  return settings
}
