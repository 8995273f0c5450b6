/** Runs in Node, before the tests: the look-alikes, whose addresses the tests in workerd are given. */
import type { TestProject } from 'vitest/node'
import { startDeepgram } from '../../sim/vendors/deepgram.ts'
import { startOpenAi } from '../../sim/vendors/openai.ts'

declare module 'vitest' {
  interface ProvidedContext {
    deepgramUrl: string
    openAiUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [deepgram, openAi] = await Promise.all([startDeepgram(), startOpenAi()])
  project.provide('deepgramUrl', deepgram.url)
  project.provide('openAiUrl', openAi.url)
  return async () => {
    await Promise.all([deepgram.stop(), openAi.stop()])
  }
}
