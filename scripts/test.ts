/** `npm test`: everything but the long proofs. `npm test -- actors` runs the suites whose name has that word. */
import { ALL, runSuites } from './suites.ts'

await runSuites(ALL)
