/** The pages of `docs/domain` list every fact of their machine, and no fact that it does not have. */
import { expect, test } from 'vitest'
import { read } from './files.ts'

/** Files that define the facts of a machine. */
const VOCABULARY: Record<string, string[]> = {
  batch: ['src/core/batch/state.ts'],
  call: [
    'src/core/call/life/state.ts',
    'src/core/call/talk/talk.ts',
    'src/core/call/recording/recording.ts',
    'src/core/call/crm/crm.ts',
  ],
  campaign: ['src/core/campaign/state.ts'],
  desk: ['src/core/desk/state.ts'],
  room: ['src/core/room/state.ts'],
}

function factsIn(file: string): string[] {
  const union = /export type \w*Fact\w* =[\s\S]*?\n(?= {0,4}\)|\}|$)/.exec(read(file))?.[0] ?? ''
  return [...union.matchAll(/type: '([a-z-]+)'/g)].map(match => match[1] ?? '')
}

test.each(Object.keys(VOCABULARY))('docs/domain/%s.md lists the facts of its machine', machine => {
  const facts = (VOCABULARY[machine] ?? []).flatMap(factsIn)
  expect(facts.length).toBeGreaterThan(3)
  const page = read(`docs/domain/${machine}.md`)
  const listed = [...page.slice(page.indexOf('## Facts')).matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, one]) => one)
  expect(listed.sort()).toEqual([...facts, 'delivery-given-up'].sort())
})
