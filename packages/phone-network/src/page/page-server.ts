/// <reference types="node" />
/** Serves the developers' page and its microphone sockets, on the phone network's own server. No build step. */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { AudioPlane } from '../media/plane.ts'
import { pathOf } from '../request-url.ts'
import { MicrophoneSockets } from './microphone-sockets.ts'

export interface Page {
  /** Answer a request for the page's files; false when the path is not one of them. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean
  /** Take a microphone's WebSocket (`/_/mic/{callSid}`); false when the path is another. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): void
}

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** Only these files are served; no part of a request's path reaches the file system. */
const FILES = [
  'index.html',
  'page.css',
  'parts.css',
  'icon.svg',
  'app.js',
  'api.js',
  'dom.js',
  'phones.js',
  'phone-row.js',
  'dial-pad.js',
  'switches.js',
  'texts.js',
  'happenings.js',
  'microphone.js',
  'sound-worklet.js',
]
const FONTS: Record<string, string> = {
  'text.woff2':
    '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2',
  'mono.woff2':
    '@fontsource-variable/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-wght-normal.woff2',
}
const HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'permissions-policy': 'microphone=(self)',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** @param options.plane where microphones speak and listen; without it the page works, its microphones do not */
export function createPage(options: { plane: AudioPlane | null }): Page {
  const microphones = options.plane ? new MicrophoneSockets(options.plane) : null
  return {
    handleRequest(request, response) {
      const path = pathOf(request)
      const name = path === '/' ? 'index.html' : path.startsWith('/page/') ? path.slice('/page/'.length) : null
      const file = name === null ? null : locate(name)
      if (file === null) return false
      if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405, { allow: 'GET, HEAD' }).end()
      else void send(file, request, response)
      return true
    },
    upgrade: (request, socket, head) => microphones?.upgrade(request, socket, head) ?? false,
    close: () => microphones?.close(),
  }
}

function locate(name: string): string | null {
  const font = FONTS[name]
  const wanted = font ?? (FILES.includes(name) ? `./static/${name}` : null)
  if (wanted === null) return null
  try {
    return createRequire(import.meta.url).resolve(wanted)
  } catch {
    // The two fonts are not dependencies of this package: without them the page uses the system's fonts.
    return null
  }
}

async function send(file: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readFile(file)
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    response.writeHead(200, { ...HEADERS, 'content-type': type, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  } catch (error) {
    console.error('page file cannot be read:', error)
    response.writeHead(404).end()
  }
}
