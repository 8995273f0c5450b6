/** The models of the `ai` package's providers. Each package is loaded when the first call needs it. */
import type { LanguageModel } from 'ai'
import { withoutSlash } from '../http.ts'
import { AiSdkLanguage } from './ai-sdk.ts'
import { withWholeAnswers } from './whole-answer.ts'

export interface HttpModel {
  apiKey: string
  model: string
  /** the API's root with its version, as in `https://api.openai.com/v1` */
  baseUrl?: string
  fetch?: typeof fetch
}

export const OPENAI_API = 'https://api.openai.com/v1'

/**
 * OpenAI itself and every server with its `/chat/completions`. One package serves both: OpenAI's own package costs 40 KiB gz
 * more for APIs that a telephone call does not use. OpenAI's newer models refuse `max_tokens`, others know no other name.
 */
export function openAiLanguage({ apiKey, model, baseUrl = OPENAI_API, fetch }: HttpModel): AiSdkLanguage {
  const own = withoutSlash(baseUrl) === OPENAI_API
  return new AiSdkLanguage({
    provider: 'openai',
    model,
    load: async () => {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const provider = createOpenAICompatible({
        name: 'openai',
        baseURL: withoutSlash(baseUrl),
        ...(apiKey ? { apiKey } : {}),
        includeUsage: true,
        transformRequestBody: body => (own ? completionTokens(body) : body),
        fetch: withWholeAnswers(fetch),
      })
      return provider.chatModel(model)
    },
  })
}

function completionTokens({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens }
}

export function anthropicLanguage({ apiKey, model, baseUrl, fetch }: HttpModel): AiSdkLanguage {
  return new AiSdkLanguage({
    provider: 'anthropic',
    model,
    load: async () => {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      return createAnthropic({
        apiKey,
        ...(baseUrl ? { baseURL: withoutSlash(baseUrl) } : {}),
        ...(fetch ? { fetch } : {}),
      })(model)
    },
  })
}

export function googleLanguage({ apiKey, model, baseUrl, fetch }: HttpModel): AiSdkLanguage {
  return new AiSdkLanguage({
    provider: 'google',
    model,
    load: async () => {
      const { createGoogle } = await import('@ai-sdk/google')
      return createGoogle({
        apiKey,
        ...(baseUrl ? { baseURL: withoutSlash(baseUrl) } : {}),
        ...(fetch ? { fetch } : {}),
      })(model)
    },
  })
}

/** Models behind the Worker's own AI binding, which need no key and no account at another company. */
export function workersAiLanguage(binding: Ai, model: string): AiSdkLanguage {
  return new AiSdkLanguage({
    provider: 'workers-ai',
    model,
    load: async (): Promise<LanguageModel> => {
      const { createWorkersAI } = await import('workers-ai-provider')
      return createWorkersAI({ binding })(model)
    },
  })
}
