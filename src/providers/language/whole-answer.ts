/**
 * Servers with OpenAI's API do not all say why an answer ended: some close it with `[DONE]` and no `finish_reason`. The `ai` package
 * takes that for an answer that broke off, and the caller would be asked to wait for a second one. `[DONE]` is the end of a whole
 * answer, so it gets the reason that is missing. A stream that ends without either has broken off.
 */

const REASON = /"finish_reason"\s*:\s*"/
const DONE = /^data:\s*\[DONE\]\s*$/
/** The empty line before it ends an event that the server has not ended. */
const STOP = '\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'

/** The same `fetch`; in event streams a reason precedes each `[DONE]`. */
export function withWholeAnswers(inner: typeof fetch = fetch): typeof fetch {
  return async (...request) => {
    const answer = await inner(...request)
    const isStream = answer.headers.get('content-type')?.includes('text/event-stream')
    if (!isStream || answer.body === null) return answer
    const { status, statusText, headers } = answer
    return new Response(answer.body.pipeThrough(wholeAnswer()), { status, statusText, headers })
  }
}

function wholeAnswer(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  let line = ''
  let reasoned = false
  const passed = (whole: string): string => {
    reasoned ||= REASON.test(whole)
    return DONE.test(whole) && !reasoned ? `${STOP}${whole}` : whole
  }
  return new TransformStream({
    transform(bytes, controller) {
      const lines = (line + decoder.decode(bytes, { stream: true })).split('\n')
      line = lines.pop() ?? ''
      const out = lines.map(one => `${passed(one)}\n`).join('')
      if (out !== '') controller.enqueue(encoder.encode(out))
    },
    flush(controller) {
      line += decoder.decode()
      if (line !== '') controller.enqueue(encoder.encode(passed(line)))
    },
  })
}
