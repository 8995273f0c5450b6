/** The suites of this repository, and which of them run side by side. */
import { check, playwright, type Suite, vitest } from './suite-commands.ts'
import type { Stage } from './suite-runner.ts'

const VOICE = 'test/voice/vitest.config.ts'

const project = (name: string, projects: string[], config = 'vitest.config.ts'): Suite =>
  vitest(
    name,
    config,
    projects.map(one => `--project=${one}`),
  )
const typecheck = (name: string, config: string): Suite => check(name, 'tsc', ['-p', config, '--noEmit'])

const STATIC: Suite[] = [
  typecheck('types of Node', 'tsconfig.json'),
  typecheck('types of the Worker', 'tsconfig.worker.json'),
  typecheck('types of the pure core', 'tsconfig.core.json'),
  typecheck('types of the browser', 'tsconfig.dialer.json'),
  check('format and lint', 'biome', ['check', '--diagnostic-level=error', '.']),
]

/** `npm run check` */
export const FAST: Stage[] = [
  { atOnce: STATIC.length, suites: STATIC },
  { atOnce: 1, suites: [project('core and style', ['rules', 'small-worlds'])] },
]

/** `npm test` */
export const ALL: Stage[] = [
  ...FAST,
  // Each of these keeps both processors of a small machine busy by itself.
  {
    atOnce: 1,
    suites: [project('large worlds', ['large-worlds']), project('simulation and contracts', ['simulation'])],
  },
  {
    atOnce: 1,
    inRealTime: true,
    suites: [
      project('phone network as a package', ['package']),
      project('API as programs use it', ['api']),
      project('stores and facts of older releases', ['golden']),
      project('attacks on the phone', ['attacks'], VOICE),
      // Alone, because the local recogniser must keep up with people who speak in real time: beside a browser, on a machine of two
      // processors, it fell seconds behind, and callers were not understood.
      project('AI on the phone', ['conversations'], VOICE),
    ],
  },
  // These mostly wait.
  {
    atOnce: 2,
    inRealTime: true,
    suites: [
      playwright('browser', 'test/browser/playwright.config.ts'),
      project('phone network', ['phone-network']),
      vitest('actors in workerd', 'test/actors/vitest.config.ts'),
      vitest('providers in workerd', 'test/workerd/vitest.config.ts'),
    ],
  },
]
