import { expect, test } from 'vitest'
import { deskId, workspaceId } from './ids.ts'
import { deskNameOfCaller, deskNameOfPhone, phoneName, workspaceOfCaller, workspaceOfPhone } from './phone-names.ts'

const MADE = workspaceId('0123456789abcdef0123')

test('a phone of the first workspace has the name of its desk', () => {
  const name = phoneName(deskId('w_main', 'ada'))
  expect([name, deskNameOfPhone(name), workspaceOfPhone(name)]).toEqual(['agent_ada', 'ada', null])
})

test('a phone of a workspace that was made has it in its name, so that one account tells them apart', () => {
  const name = phoneName(deskId(MADE, 'a_da'))
  expect(name).toMatch(/^[A-Za-z0-9_]{1,121}$/)
  expect([deskNameOfPhone(name), workspaceOfPhone(name)]).toEqual(['a_da', MADE])
  expect([deskNameOfCaller(`client:${name}`), workspaceOfCaller(`client:${name}`)]).toEqual(['a_da', MADE])
})

test('what is no phone of ours has neither', () => {
  for (const from of ['+14155550100', 'client:somebody', 'agent_ada'])
    expect([deskNameOfCaller(from), workspaceOfCaller(from)]).toEqual([null, null])
})
