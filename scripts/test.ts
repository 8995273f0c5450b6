/** `npm test`: everything but the long proofs. `npm test -- actors` runs the suites whose name has that word. */
import { runStages } from './suite-runner.ts'
import { ALL } from './suites.ts'

await runStages(ALL)
