/** The pages of `docs/domain` list every fact of their machine, and no fact that it does not have. */
import { expect, test } from 'vitest'
import { read } from './files.ts'
import { factsOf, MACHINES } from './vocabulary.ts'

test.each(MACHINES)('docs/domain/%s.md lists the facts of its machine', machine => {
  const facts = factsOf(machine)
  expect(facts.length).toBeGreaterThan(3)
  const page = read(`docs/domain/${machine}.md`)
  const listed = [...page.slice(page.indexOf('## Facts')).matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, one]) => one)
  expect(listed.sort()).toEqual(facts.sort())
})
