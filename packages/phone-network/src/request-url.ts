import type { IncomingMessage } from 'node:http'

/** `URL.parse` for Node 20, which does not have it: null when the text is not a URL. */
export function parseUrl(text: string, base?: string): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null
}

/** The path of a request; '' when it is malformed, as in `GET // HTTP/1.1`. */
export function pathOf(request: IncomingMessage): string {
  return parseUrl(request.url ?? '/', 'http://localhost')?.pathname ?? ''
}
