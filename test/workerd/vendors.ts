/** Runs in Node, before the tests: the look-alikes, whose addresses the tests in workerd are given. */
import type { TestProject } from 'vitest/node'
import { startDeepgram } from '../vendors/deepgram.ts'
import { googleKeyFile, startGoogle } from '../vendors/google.ts'
import { startOpenAi } from '../vendors/openai.ts'
import { startOpenAiRealtime } from '../vendors/openai-realtime.ts'

declare module 'vitest' {
  interface ProvidedContext {
    deepgramUrl: string
    openAiUrl: string
    googleKeyFile: string
    realtimeUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const vendors = await Promise.all([startDeepgram(), startOpenAi(), startGoogle(), startOpenAiRealtime()])
  const [deepgram, openAi, google, realtime] = vendors
  project.provide('deepgramUrl', deepgram.url)
  project.provide('openAiUrl', openAi.url)
  project.provide('googleKeyFile', JSON.stringify(googleKeyFile(google.url)))
  project.provide('realtimeUrl', realtime.url)
  return async () => {
    await Promise.all(vendors.map(vendor => vendor.stop()))
  }
}
