/**
 * Any language model that the `ai` package can reach, behind our port. Tools are only offered: a tool without `execute`
 * ends the step with the call, and the conversation runs it. Nothing is retried here, because a caller waits and the
 * chain has a second provider. Source: ai-sdk.dev, "streamText" (ai 7).
 */
import type { LanguageModel, ModelMessage, ToolSet } from 'ai'
import { failureOfStatus, ProviderFailure } from '../failure.ts'
import { messagesOf, systemOf } from './messages.ts'
import type { Language, LanguagePart, LanguageRequest } from './port.ts'

export interface AiSdkOptions {
  provider: string
  model: string
  /** Called once, at the first reply: loading a model's package takes time, and most calls need no model. */
  load(): Promise<LanguageModel>
}

function loadAi(): Promise<typeof import('./ai-package.ts')> {
  // The package prints its warnings to the console, with names of models and tools.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false })
  return import('./ai-package.ts')
}

export class AiSdkLanguage implements Language {
  readonly provider: string
  readonly model: string
  readonly #load: () => Promise<LanguageModel>
  #loaded: Promise<LanguageModel> | null = null

  constructor(options: AiSdkOptions) {
    this.provider = options.provider
    this.model = options.model
    this.#load = options.load
  }

  async *reply(request: LanguageRequest): AsyncGenerator<LanguagePart> {
    const { signal } = request
    if (signal.aborted) return
    let called = false
    try {
      this.#loaded ??= this.#load().catch((error: unknown) => {
        this.#loaded = null
        throw error
      })
      const stream = await streamOf(await this.#loaded, request)
      for await (const part of stream) {
        if (signal.aborted) return
        if (part.type === 'error') throw part.error
        if (part.type === 'text-delta' && part.text !== '') yield { type: 'text', text: part.text }
        if (part.type === 'tool-call') {
          called = true
          const { toolCallId: toolId, toolName: name, input, providerMetadata } = part
          yield { type: 'tool', toolId, name, input, ...(providerMetadata ? { opaque: providerMetadata } : {}) }
        }
        if (part.type === 'finish') {
          if (part.finishReason === 'error') throw new ProviderFailure(this.provider, 'unavailable', 'it gave up')
          yield endOf(part, called)
          return
        }
      }
      if (signal.aborted) return
      throw new ProviderFailure(this.provider, 'unavailable', 'the answer broke off')
    } catch (error) {
      if (signal.aborted) return
      throw failureOf(this.provider, error)
    }
  }
}

async function streamOf(model: LanguageModel, request: LanguageRequest) {
  const { streamText, jsonSchema, tool } = await loadAi()
  const tools: ToolSet = {}
  for (const offer of request.tools)
    tools[offer.name] = tool({ description: offer.description, inputSchema: jsonSchema(offer.input) })
  const messages: ModelMessage[] = messagesOf(request.said)
  return streamText({
    model,
    system: systemOf(request.system, request.said),
    messages,
    tools,
    maxOutputTokens: request.tokensMax,
    maxRetries: 0,
    abortSignal: request.signal,
    // Without a handler the package prints the error, which contains words of the call.
    onError: () => undefined,
  }).fullStream
}

interface Finish {
  finishReason: string
  totalUsage: { inputTokens?: number; outputTokens?: number }
}

/** Not every model reports that it stopped because of its tool calls (Workers AI does not). */
function endOf({ finishReason, totalUsage }: Finish, called: boolean): LanguagePart {
  const cut = finishReason === 'length' ? 'length' : finishReason === 'content-filter' ? 'filtered' : 'stop'
  const reason = called ? 'tools' : cut
  return { type: 'end', reason, tokensIn: totalUsage.inputTokens ?? 0, tokensOut: totalUsage.outputTokens ?? 0 }
}

/** The package's errors contain the whole request and answer, so only the status is passed on. */
function failureOf(provider: string, error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error
  const { statusCode, responseHeaders, name } = error as {
    statusCode?: unknown
    responseHeaders?: Record<string, string>
    name?: unknown
  }
  if (typeof statusCode === 'number' && statusCode >= 400)
    return failureOfStatus(provider, statusCode, responseHeaders?.['retry-after'] ?? null)
  if (name === 'AI_LoadAPIKeyError') return new ProviderFailure(provider, 'unauthorised', 'no key')
  if (name === 'AI_UnsupportedFunctionalityError' || name === 'AI_InvalidPromptError')
    return new ProviderFailure(provider, 'refused', 'it cannot do what was asked')
  return new ProviderFailure(provider, 'unavailable', 'no answer, or one that is none')
}
