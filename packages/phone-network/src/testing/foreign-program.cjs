// A program as anybody might have written it for Twilio: it knows nothing of the phone network. Its own settings are
// the environment variables that Twilio's quickstarts use. See packages/phone-network/src/tls/redirect.test.ts.
const twilio = require('twilio')
const WebSocket = require('ws')

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_API_KEY, TWILIO_API_SECRET } = process.env

function firstFrame(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.on('open', () => socket.send('{"type":"listen","version":"1.6","payload":{"token":"none"}}'))
    socket.on('error', reject)
    socket.on('message', data => {
      const text = String(data)
      if (!text.startsWith('{')) return
      socket.close()
      resolve(JSON.parse(text))
    })
  })
}

async function main() {
  const client = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN)
  const twiml = '<Response><Hangup/></Response>'
  const call = await client.calls.create({ to: '+15004100001', from: '+14155550000', twiml })
  const keyed = twilio(TWILIO_API_KEY, TWILIO_API_SECRET, { accountSid: TWILIO_ACCOUNT_SID })
  const calls = await keyed.calls.list({ limit: 5 })
  const known = await client.lookups.v2.phoneNumbers('+14155551001').fetch()
  const alerts = await client.monitor.v1.alerts.list({ limit: 1 })
  const refused = await client
    .calls('CA0')
    .fetch()
    .catch(error => error.code)
  const credentials = Buffer.from(`${TWILIO_ACCOUNT_SID}:${TWILIO_AUTH_TOKEN}`).toString('base64')
  const url = `https://api.twilio.com/2010-04-01/Accounts/${TWILIO_ACCOUNT_SID}.json`
  const account = await fetch(url, { headers: { authorization: `Basic ${credentials}` } })
  const elsewhere = await fetch('https://studio.twilio.com/v2/Flows', {
    headers: { authorization: `Basic ${credentials}` },
  })
  const sound = await fetch('https://sdk.twilio.com/js/client/sounds/releases/1.0.0/incoming.mp3?cache=2.18.5')
  const insights = await fetch('https://eventgw.us1.twilio.com/v4/EndpointEvents', { method: 'POST', body: '{}' })
  const frame = await firstFrame('wss://voice-js.roaming.twilio.com/signal')
  console.log(
    JSON.stringify({
      sid: call.sid,
      listed: calls.map(each => each.sid),
      country: known.countryCode,
      alerts: alerts.length,
      refused,
      account: (await account.json()).sid,
      elsewhere: (await elsewhere.json()).code,
      sound: sound.headers.get('content-type'),
      insights: insights.status,
      frame: frame.type,
    }),
  )
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
