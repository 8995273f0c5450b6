import { expect, test } from 'vitest'
import { newPassword } from './password.ts'

test('a password has at least 12 characters and is none of those that are tried first [D14]', () => {
  for (const bad of [
    '1234567890',
    'aaaaaaaaaa',
    'elevenchars',
    '123456789012',
    'aaaaaaaaaaaa',
    'abababababab',
    'password1234',
    'P@ssw0rd2026!!',
    'passwordpassword',
    'qwertyuiop12',
    'Welcome2026!!',
    'admin-admin-1',
    'abcdefghijkl',
    '098765432109',
    '2026-2026-2026',
  ])
    expect(newPassword.safeParse(bad).success, bad).toBe(false)
  for (const good of [
    'long enough twice',
    'correct horse battery',
    'kX9#pleco-mint',
    'mein Hund heißt Bello',
    '83719426505123',
  ])
    expect(newPassword.safeParse(good).success, good).toBe(true)
})
