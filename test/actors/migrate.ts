/** Every test file has the tables of D1, because the log writes there whenever a call is open. */
import { migrated } from './stage.ts'

await migrated()
