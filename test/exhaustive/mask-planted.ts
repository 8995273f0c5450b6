/** Masks with one thing wrong. Each must be found in the small masks. */
import { type Claims, type MaskRules, type MaskSession, refusalOf, routeOf } from '../../src/core/mask/mask.ts'
import { exploreMask, SMALL_MASKS } from './explore-mask.ts'
import type { Rules } from './mask-board.ts'

function opens(change: (claims: Claims, rules: MaskRules) => { claims?: Claims; rules?: MaskRules }): Rules {
  return {
    routeOf,
    refusalOf(rules, claims, wanted, now) {
      const seen = change(claims, rules)
      return refusalOf(seen.rules ?? rules, seen.claims ?? claims, wanted, now)
    },
  }
}
/** A session as if it had no end. */
const endless = (session: MaskSession | null) => session && { ...session, expiresMs: null, idleMs: null }

export const PLANTED_MASKS: Record<string, Rules> = {
  'a person may be in two sessions': opens(({ byPin }) => ({ claims: { byPin, byNumber: () => null } })),
  'only the first party is looked at': {
    routeOf,
    refusalOf(rules, claims, wanted, now) {
      const byNumber = (number: string) => (number === wanted.a.number ? claims.byNumber(number) : null)
      return refusalOf(rules, { ...claims, byNumber }, wanted, now)
    },
  },
  'there is no cool-off': opens((_, rules) => ({ rules: { ...rules, coolOffMs: 0 } })),
  'the cool-off is twice as long': opens((_, rules) => ({ rules: { ...rules, coolOffMs: 2 * rules.coolOffMs } })),
  'a PIN may be of two sessions': opens(({ byNumber }) => ({ claims: { byNumber, byPin: () => null } })),
  'the mask may be a party': opens((_, rules) => ({ rules: { ...rules, number: '' } })),
  'a session that is over is called': {
    refusalOf,
    routeOf: (rules, claims, asked, now) =>
      routeOf(
        rules,
        { byNumber: number => endless(claims.byNumber(number)), byPin: pin => endless(claims.byPin(pin)) },
        asked,
        now,
      ),
  },
  'a session that was closed is called': {
    refusalOf,
    routeOf(rules, claims, asked, now) {
      const reopened = (session: MaskSession | null) => session && { ...session, closed: null }
      return routeOf(
        rules,
        { byNumber: number => reopened(claims.byNumber(number)), byPin: pin => reopened(claims.byPin(pin)) },
        asked,
        now,
      )
    },
  },
  'the second party is rung by themselves': {
    refusalOf,
    routeOf(...args) {
      const route = routeOf(...args)
      return route.to === 'party' ? { ...route, number: route.session.b.number } : route
    },
  },
  'every PIN is right': {
    refusalOf,
    routeOf: (rules, claims, asked, now) =>
      routeOf(rules, { ...claims, byNumber: () => claims.byPin('4711') ?? null }, asked, now),
  },
  'the owner is rung by themselves': {
    refusalOf,
    routeOf: (rules, claims, asked, now) =>
      asked.caller === rules.forwardTo && rules.forwardTo !== null
        ? { to: 'owner', number: rules.forwardTo }
        : routeOf(rules, claims, asked, now),
  },
  'a stranger reaches the last who called': {
    refusalOf,
    routeOf(rules, claims, asked, now) {
      const route = routeOf(rules, claims, asked, now)
      const last = claims.byNumber('+1001')
      if (route.to !== 'nobody' || last === null) return route
      return { to: 'party', session: last, from: 'a', number: last.b.number }
    },
  },
}

/** The law that finds it; null: none did. */
export function caughtBy(rules: Rules): string | null {
  for (const world of SMALL_MASKS) {
    const [law] = exploreMask(world, rules, 20_000, 1).violations
    if (law !== undefined) return law
  }
  return null
}
