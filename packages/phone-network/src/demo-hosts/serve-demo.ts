import type { IncomingMessage, ServerResponse } from 'node:http'
import { demoAnswer } from './demo-answers.ts'

/** Answers a program that was turned to this network and asks one of the documentation's hosts itself. False: for somebody else. */
export function answerDemoHost(request: IncomingMessage, response: ServerResponse): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  const demo = demoAnswer(`https://${host}${request.url ?? '/'}`)
  if (demo === null) return false
  response.writeHead(demo.status, { 'content-type': demo.contentType, 'content-length': demo.bytes.length })
  response.end(request.method === 'HEAD' ? undefined : demo.bytes)
  return true
}
