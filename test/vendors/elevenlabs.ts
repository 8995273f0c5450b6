/** ElevenLabs' streaming text to speech as its API reference describes it. */
import { cutUp, spokenSound } from './spelled-sound.ts'
import {
  Refused,
  sendPieces,
  startVendor,
  type VendorServer,
  wantHeader,
  wantJson,
  wantQuery,
} from './vendor-server.ts'

export function startElevenLabs({
  key = 'test-key',
  soundFile,
}: {
  key?: string
  soundFile?: Uint8Array
} = {}): Promise<VendorServer> {
  return startVendor({
    name: 'elevenlabs',
    error: (status, message) => ({ detail: { status: `e${status}`, message } }),
    async answer(seen, response, cut) {
      if (seen.method !== 'POST' || !/^\/v1\/text-to-speech\/[A-Za-z0-9]{20}\/stream$/.test(seen.path))
        throw new Refused(404, `nothing at ${seen.method} ${seen.path}`)
      wantHeader(seen, 'xi-api-key', key, 401)
      wantQuery(seen, { output_format: 'ulaw_8000' })
      const body = wantJson(seen, ['text', 'model_id', 'language_code'])
      if (typeof body.text !== 'string' || body.text === '') throw new Refused(400, 'text')
      if (!/^[a-z]{2}$/.test(String(body.language_code))) throw new Refused(422, 'language_code is not ISO-639-1')
      response.writeHead(200, { 'Content-Type': 'audio/basic' })
      await sendPieces(response, cutUp(soundFile ?? spokenSound(body.text)), cut)
    },
  })
}
