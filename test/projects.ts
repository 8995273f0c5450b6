/** The groups of test files that run in Node; `test/tidy/suites.test.ts` checks that every test file is in one group. */
export interface Project {
  name: string
  include: string[]
  exclude?: string[]
}

const LARGE = 'test/exhaustive/**/*.large.test.ts'

export const PROJECTS: Project[] = [
  {
    name: 'rules',
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/stories/**/*.test.ts', 'test/tidy/**/*.test.ts'],
  },
  { name: 'small-worlds', include: ['test/exhaustive/**/*.test.ts'], exclude: [LARGE] },
  { name: 'large-worlds', include: [LARGE] },
  { name: 'phone-network', include: ['packages/*/src/**/*.test.ts'] },
  { name: 'package', include: ['test/package/**/*.test.ts'] },
  { name: 'api', include: ['test/api/**/*.test.ts'] },
  { name: 'golden', include: ['test/golden/**/*.test.ts'] },
  {
    name: 'simulation',
    include: [
      ...['test/simulation/**/*.test.ts', 'test/contract/**/*.test.ts', 'test/vad/**/*.test.ts'],
      'test/fuzz/**/*.test.ts',
    ],
  },
]
/** Groups with a configuration of their own, by the folder under `test` that holds it. */
export const OWN_CONFIG = ['test/actors', 'test/workerd', 'test/voice']
