/** `npm run check`: the fast loop. */
import { FAST, runSuites } from './suites.ts'

await runSuites(FAST)
