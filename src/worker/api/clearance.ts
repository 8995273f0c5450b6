/** Who must not be called, who has agreed to what, and the rules of the workspace. */
import type { Env } from '../../actors/env.ts'
import { stubFor } from '../../actors/stubs.ts'
import type { ClearanceAsk, Verdict } from '../../core/clearance/clearance.ts'
import { rulesOf } from '../../core/clearance/rules.ts'
import { wordsOf } from '../../core/clearance/words.ts'
import { readNumber, toE164 } from '../../wire/phone-number.ts'
import { clearanceRoutes } from '../../wire/routes/clearance.ts'
import { Refusal } from '../problem.ts'
import { bind } from '../route-table.ts'
import { countryOf } from './contacts.ts'

const trunkOf = (env: Env, member: { workspaceId: string }) => stubFor(env, 'trunk', member.workspaceId)

/** @throws Refusal 400: the campaign whose list is named is none of this workspace; null: the workspace's own list */
async function requireList(env: Env, workspaceId: string, campaignId: string | null): Promise<void> {
  if (campaignId === null || (await stubFor(env, 'workspace', workspaceId).hasCampaign(campaignId))) return
  throw new Refusal(400, 'There is no such campaign.', [{ field: 'campaignId', message: 'no such campaign' }])
}

/** @throws Refusal 422 with the rule in words */
export async function requireClearance(
  env: Env,
  workspaceId: string,
  ask: Omit<ClearanceAsk, 'callId'>,
  field: string,
): Promise<void> {
  const [verdict] = await stubFor(env, 'trunk', workspaceId).judge([{ ...ask, callId: null }])
  if (verdict?.cleared) return
  const words =
    verdict === undefined
      ? 'not a phone number that can be called'
      : wordsOf(verdict as Exclude<Verdict, { cleared: true }>)
  throw new Refusal(422, words, [
    { field, message: verdict === undefined ? words : (verdict as { rule: string }).rule },
  ])
}

export const clearance = bind(clearanceRoutes, {
  async 'GET /api/do-not-call'({ env, member, query }) {
    const after = query.cursor?.slice('list~'.length) ?? null
    const { limit, q, campaignId = null } = query
    const { items, next } = await trunkOf(env, member).listed({ after, limit, q, campaignId })
    return { items, next: next === null ? null : `list~${next}` }
  },

  async 'POST /api/do-not-call'({ env, member, body }) {
    if (body.area !== undefined && member.role === 'agent')
      throw new Refusal(403, 'Only a supervisor lists an area.', [
        { field: 'area', message: 'needs the role supervisor' },
      ])
    await requireList(env, member.workspaceId, body.campaignId)
    const number = body.area ?? toE164(body.number ?? '', await countryOf(env, member.workspaceId)) ?? ''
    const { campaignId, note } = body
    const [because, by] = ['by hand', member.name]
    // Whoever is on the list of the workspace is marked in the book as well.
    if (campaignId === null && body.area === undefined) {
      const book = stubFor(env, 'workspace', member.workspaceId)
      return { number, added: (await book.optOut({ number, because, by, note })) > 0 }
    }
    const entry = { number, campaignId, note, area: body.area !== undefined, source: because, by }
    return { number, added: (await trunkOf(env, member).addToList([entry])) > 0 }
  },

  async 'POST /api/do-not-call/imports'({ env, member, body }) {
    await requireList(env, member.workspaceId, body.campaignId)
    const country = body.country ?? (await countryOf(env, member.workspaceId))
    const numbers: string[] = []
    const refused: { field: string; message: string }[] = []
    body.numbers.forEach((written, index) => {
      const answer = readNumber(written, country)
      if (answer.ok) numbers.push(answer.number)
      else refused.push({ field: `numbers.${index}`, message: answer.problem })
    })
    const { campaignId, importId } = body
    const entries = numbers.map(number => ({
      number,
      campaignId,
      area: false,
      source: `import:${importId}`,
      by: member.name,
      note: '',
    }))
    const added = await trunkOf(env, member).addToList(entries)
    return { added, known: numbers.length - added, refused }
  },

  async 'POST /api/do-not-call/removals'({ env, member, body }) {
    const trunk = trunkOf(env, member)
    const { campaignId, importId, reason } = body
    const by = member.name
    if (importId !== undefined) return trunk.removeFromList({ source: `import:${importId}`, by, reason })
    // An area has fewer digits than a number, so it is taken as it stands.
    const written = body.area ?? body.number ?? ''
    const read = body.area === undefined ? toE164(written, await countryOf(env, member.workspaceId)) : null
    const number = read ?? written
    const { removed, stillListed } = await trunk.removeFromList({ number, campaignId, by, reason })
    if (removed === 0)
      throw new Refusal(404, 'This is not on the list.', [
        { field: body.area === undefined ? 'number' : 'area', message: 'not listed' },
      ])
    if (stillListed === 0 && campaignId === null) await stubFor(env, 'workspace', member.workspaceId).liftOptOut(number)
    return { removed: 1, stillListed }
  },

  async 'GET /api/do-not-call/removals'({ env, member }) {
    return { items: await trunkOf(env, member).unlisted(200) }
  },

  async 'GET /api/clearance/rules'({ env, member }) {
    return asAnswer(await trunkOf(env, member).clearanceRules())
  },

  async 'PUT /api/clearance/rules'({ env, member, body }) {
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    const rules = { ...rulesOf(body.profile, body.country), ...given }
    return asAnswer(await trunkOf(env, member).clearanceRules(rules))
  },

  async 'POST /api/clearance/checks'({ env, member, body }) {
    const { purpose, campaignId, timeZone, postcode } = body
    await requireList(env, member.workspaceId, campaignId)
    const number = toE164(body.number, await countryOf(env, member.workspaceId)) ?? body.number
    const ask = { callId: null, to: number, purpose, agent: null, campaignId, timeZone, postcode, hours: null }
    const [verdict] = await trunkOf(env, member).judge([ask])
    if (verdict === undefined || verdict.cleared)
      return {
        number,
        cleared: verdict !== undefined,
        rule: null,
        untilMs: null,
        words: 'This number may be called now.',
      }
    const { rule, untilMs } = verdict
    return { number, cleared: false, rule, untilMs, words: wordsOf(verdict) }
  },

  async 'POST /api/consents'({ env, member, body }) {
    const country = await countryOf(env, member.workspaceId)
    const now = Date.now()
    const entries = body.consents.map(({ number, purpose, source, given }) => ({
      number: toE164(number, country) ?? number,
      purpose,
      source,
      givenMs: given === undefined ? now : Math.min(now, new Date(given).getTime()),
      by: member.name,
    }))
    await trunkOf(env, member).saveConsents(entries)
    return { recorded: entries.length }
  },

  async 'GET /api/consents'({ env, member, query }) {
    const number = toE164(query.number, await countryOf(env, member.workspaceId)) ?? query.number
    const found = await trunkOf(env, member).consentsOf(number)
    return { items: found.map(({ number: _, ...rest }) => rest) }
  },
})

type Rules = ReturnType<typeof rulesOf>

/** The same rules without `readonly`, as the row of the route gives them. */
function asAnswer(rules: Rules) {
  return {
    ...rules,
    countries: [...rules.countries],
    consentFor: [...rules.consentFor],
    hours: rules.hours.map(one => ({ ...one, days: [...one.days] })),
  }
}
