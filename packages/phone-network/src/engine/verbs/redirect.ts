import { resolveUrl } from '../attributes.ts'
import { hangUpFromTwiml } from '../end-call.ts'
import { followDocument } from '../proceed.ts'
import { alert } from '../turn.ts'
import type { Verb } from './verb.ts'

export const redirect: Verb = {
  start(turn, call, { attributes, text }) {
    const url = resolveUrl(call, text)
    if (url === null) {
      alert(turn, call, 11100, `Invalid URL format in <Redirect>: ${text}`)
      hangUpFromTwiml(turn, call)
      return
    }
    const method = attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST'
    followDocument(turn, call, { url, method })
  },
}
