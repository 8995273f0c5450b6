/**
 * Suites that run in real time wait for servers, browsers and speech. On a machine that others use as well one step of some thousand is late now
 * and then, and a whole run would be lost for it. So a few files that failed are run once more, with nothing beside them. A behaviour that is not
 * there fails both times; a test that passes alone is named as unsteady, because somebody has to mend it.
 */
import type { Result, Suite } from './suite-commands.ts'

/** A run with more files than this that failed is broken, not unlucky. */
export const REPEATED_MAX = 3

export interface Ran {
  suite: Suite
  result: Result
}

/** Takes what passed alone out of the failures of `ran`, and returns its lines. */
export async function repeatFailed(ran: Ran[]): Promise<string[]> {
  const failed = ran.filter(({ result }) => result.failed > 0)
  const files = failed.reduce((sum, { result }) => sum + (result.failedFiles?.length ?? 0), 0)
  if (files > REPEATED_MAX) return []
  const unsteady: string[] = []
  for (const { suite, result } of failed) {
    const { failedFiles, failures } = result
    if (failedFiles === null || suite.again === undefined) continue
    console.log(`▶ ${suite.name}, once more: ${failedFiles.join(', ')}`)
    const again = await suite.again(failedFiles)
    if (again.failed > 0 || again.passed === 0) continue
    unsteady.push(...failures)
    Object.assign(result, { passed: result.passed + result.failed, failed: 0, failures: [] })
  }
  return unsteady
}
