import { describe, expect, test } from 'vitest'
import type { Env } from '../actors/env.ts'
import { mayMakeWorkspace } from './env.ts'

const env = (word?: string) => ({ TRUNKLINE_WORKSPACE: 'w_first', NEW_WORKSPACES: word }) as unknown as Env
const HOME = 'w_first'
const OTHER = 'w_ws0'

describe('who may make a workspace', () => {
  test('admins of the first one, unless the environment says otherwise or says what cannot be read', () => {
    for (const word of [undefined, '', 'first-admins', 'anybody']) {
      expect(mayMakeWorkspace(env(word), { role: 'admin', workspaceId: HOME })).toBe(true)
      expect(mayMakeWorkspace(env(word), { role: 'admin', workspaceId: OTHER })).toBe(false)
      expect(mayMakeWorkspace(env(word), { role: 'supervisor', workspaceId: HOME })).toBe(false)
    }
  })

  test('admins of any, or everybody', () => {
    expect(mayMakeWorkspace(env('admins'), { role: 'admin', workspaceId: OTHER })).toBe(true)
    expect(mayMakeWorkspace(env('admins'), { role: 'supervisor', workspaceId: HOME })).toBe(false)
    expect(mayMakeWorkspace(env('everybody'), { role: 'agent', workspaceId: OTHER })).toBe(true)
  })
})
