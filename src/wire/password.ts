/** Passwords that a person may choose. */
import { z } from 'zod'

export const PASSWORD_CHARS_MIN = 12
export const PASSWORD_CHARS_MAX = 128

/** Words that the commonest passwords of this length are made of; the rest of such a password is digits and signs. */
const COMMON = [
  'password',
  'passwort',
  'motdepasse',
  'contrasena',
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'iloveyou',
  'letmein',
  'welcome',
  'administrator',
  'admin',
  'trunkline',
  'changeme',
  'sunshine',
  'football',
  'baseball',
  'princess',
  'superman',
  'dragon',
  'monkey',
  'qwerty',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdef',
  'abc',
]
const SEQUENCES = [
  '01234567890123456789',
  '09876543210987654321',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
]

/** Is this one of the first passwords that anybody would try? */
export function isCommonPassword(text: string): boolean {
  const plain = text
    .toLowerCase()
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replace(/(?<=[a-z])[01](?=[a-z])/g, digit => (digit === '0' ? 'o' : 'i'))
  if (new Set(plain).size < 5) return true
  if (SEQUENCES.some(row => `${row}${row}`.includes(plain))) return true
  // A common word, also twice, with nothing but digits and signs around it.
  const words = plain.split(/[^a-z]+/).filter(word => word !== '')
  const bare = words.length === 0
  return bare
    ? isOneRun(plain)
    : words.every(word => COMMON.some(common => word === common || word === common + common))
}

/** Digits alone that repeat a short piece or count up. */
function isOneRun(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '')
  const repeats = /^(.{1,6})\1+.{0,5}$/.test(digits)
  return digits === '' || repeats || SEQUENCES.some(row => row.includes(digits.slice(0, 8)))
}

export const newPassword = z
  .string()
  .min(PASSWORD_CHARS_MIN)
  .max(PASSWORD_CHARS_MAX)
  .refine(text => !isCommonPassword(text), 'one of the passwords that are tried first')
