/** `npm run check`: the fast loop. */
import { runStages } from './suite-runner.ts'
import { FAST } from './suites.ts'

await runStages(FAST)
