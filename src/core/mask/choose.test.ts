import { expect, test } from 'vitest'
import { inOrderFor, type Offered } from './choose.ts'

const mask = (number: string, more: Partial<Offered> = {}): Offered => ({
  maskId: `w_x.m_${number.slice(1)}`,
  number,
  sessions: 0,
  busy: false,
  ...more,
})
const first = (parties: string[], offered: Offered[], before: string | null = null) =>
  inOrderFor(parties, offered, before).map(one => one.number)

const PAIR = ['+6591234567', '+6598765432']

test('two people get the mask that they had before', () => {
  const [here, there] = [mask('+6531234567'), mask('+14155550100')]
  expect(first(PAIR, [here, there], there.maskId)).toEqual(['+14155550100', '+6531234567'])
})

test('else one of their country, and among those one with few sessions', () => {
  const offered = [mask('+14155550100'), mask('+6531234567', { sessions: 9 }), mask('+6531234568', { sessions: 2 })]
  expect(first(PAIR, offered)).toEqual(['+6531234568', '+6531234567', '+14155550100'])
})

test('one where a party talks with somebody else comes last, also if they met there before', () => {
  const taken = mask('+6531234567', { busy: true })
  expect(first(PAIR, [taken, mask('+14155550100')], taken.maskId)).toEqual(['+14155550100', '+6531234567'])
})
