/** `npm run prove -- --requirements`: of a sample of requirements, each test fails when its behaviour is deleted. */
import { mutateAll } from './mutate.ts'
import { MUTATIONS } from './table.ts'

export interface RequirementsProof {
  requirementsMutated: number
  requirementsCaught: number
}

export async function proveRequirements(): Promise<RequirementsProof> {
  const all = await mutateAll(MUTATIONS, ({ mutation, caught, because }) =>
    console.log(`${caught ? 'caught' : 'NOT CAUGHT'}  ${mutation.id.padEnd(6)} ${mutation.title} (${because})`),
  )
  return { requirementsMutated: all.length, requirementsCaught: all.filter(one => one.caught).length }
}
