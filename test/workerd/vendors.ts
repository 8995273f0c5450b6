/** Runs in Node, before the tests: the look-alikes, whose addresses the tests in workerd are given. */
import type { TestProject } from 'vitest/node'
import { startDeepgram } from '../../sim/vendors/deepgram.ts'
import { googleKeyFile, startGoogle } from '../../sim/vendors/google.ts'
import { startOpenAi } from '../../sim/vendors/openai.ts'

declare module 'vitest' {
  interface ProvidedContext {
    deepgramUrl: string
    openAiUrl: string
    googleKeyFile: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [deepgram, openAi, google] = await Promise.all([startDeepgram(), startOpenAi(), startGoogle()])
  project.provide('deepgramUrl', deepgram.url)
  project.provide('openAiUrl', openAi.url)
  project.provide('googleKeyFile', JSON.stringify(googleKeyFile(google.url)))
  return async () => {
    await Promise.all([deepgram.stop(), openAi.stop(), google.stop()])
  }
}
