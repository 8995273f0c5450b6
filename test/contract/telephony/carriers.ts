import { scriptedStage } from './scripted-stage.ts'
import type { Stage } from './stage.ts'
import { twilioStage } from './twilio-stage.ts'

/** Every adapter of the port. A stage takes its own account only, and the suites hand it nothing else, so the cast is safe. */
export const CARRIERS: [string, () => Promise<Stage>][] = [
  ['twilio', twilioStage as unknown as () => Promise<Stage>],
  ['scripted', scriptedStage as unknown as () => Promise<Stage>],
]
