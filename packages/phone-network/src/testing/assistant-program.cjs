// A telephone assistant as programs for Twilio and OpenAI are written: it carries sound between a Media Stream and a
// Realtime session, and knows nothing of the phone network. `beta` or `ga` names the shape of the session.
// See packages/phone-network/src/speech/realtime/assistant.test.ts.
const { createServer } = require('node:http')
const { WebSocket, WebSocketServer } = require('ws')

const [, , shape] = process.argv
const beta = shape === 'beta'
const INSTRUCTIONS = 'You are the assistant of an office.'
const SESSION = beta
  ? {
      turn_detection: { type: 'server_vad' },
      input_audio_format: 'g711_ulaw',
      output_audio_format: 'g711_ulaw',
      voice: 'alloy',
      instructions: INSTRUCTIONS,
      modalities: ['text', 'audio'],
      temperature: 0.8,
    }
  : {
      type: 'realtime',
      model: 'gpt-realtime',
      output_modalities: ['audio'],
      audio: {
        input: { format: { type: 'audio/pcmu' }, turn_detection: { type: 'server_vad' } },
        output: { format: { type: 'audio/pcmu' }, voice: 'alloy' },
      },
      instructions: INSTRUCTIONS,
    }

const tell = fact => console.log(JSON.stringify(fact))

function carry(phone) {
  const headers = {
    authorization: `Bearer ${process.env.OPENAI_API_KEY}`,
    ...(beta && { 'openai-beta': 'realtime=v1' }),
  }
  const model = beta ? 'gpt-4o-realtime-preview-2024-10-01' : 'gpt-realtime'
  const ai = new WebSocket(`wss://api.openai.com/v1/realtime?model=${model}`, { headers })
  const say = event => ai.readyState === WebSocket.OPEN && ai.send(JSON.stringify(event))
  let stream = null
  let clock = 0
  let answer = null
  ai.on('open', () => {
    say({ type: 'session.update', session: SESSION })
    const content = [{ type: 'input_text', text: 'Greet the user with "Hello, I am the assistant of this office."' }]
    say({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } })
    say({ type: 'response.create' })
  })
  ai.on('error', error => tell({ type: 'broken', why: error.message }))
  ai.on('message', data => {
    const event = JSON.parse(data)
    if (/^response\.(output_)?audio\.delta$/.test(event.type)) {
      if (answer?.id !== event.item_id) answer = { id: event.item_id, since: clock }
      phone.send(JSON.stringify({ event: 'media', streamSid: stream, media: { payload: event.delta } }))
    } else if (/audio_transcript\.done$/.test(event.type)) tell({ type: 'said', words: event.transcript })
    else if (event.type === 'input_audio_buffer.speech_started' && answer !== null) {
      say({
        type: 'conversation.item.truncate',
        item_id: answer.id,
        content_index: 0,
        audio_end_ms: clock - answer.since,
      })
      phone.send(JSON.stringify({ event: 'clear', streamSid: stream }))
      answer = null
    } else if (event.type === 'error') tell({ type: 'error', ...event.error })
  })
  phone.on('message', data => {
    const message = JSON.parse(data)
    if (message.event === 'start') stream = message.start.streamSid
    if (message.event !== 'media') return
    clock = Number(message.media.timestamp)
    say({ type: 'input_audio_buffer.append', audio: message.media.payload })
  })
  phone.on('close', () => ai.close())
}

const server = createServer((_request, response) => {
  const { port } = server.address()
  response.writeHead(200, { 'content-type': 'text/xml' })
  response.end(`<Response><Connect><Stream url="wss://127.0.0.1:${port}/media" /></Connect></Response>`)
})
new WebSocketServer({ server, path: '/media' }).on('connection', carry)
server.listen(0, '127.0.0.1', () => tell({ type: 'listens', port: server.address().port }))
