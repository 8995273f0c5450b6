// An ordinary Twilio program: express, the twilio package, nothing of the phone network.
import express from 'express'
import twilio from 'twilio'

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, PORT } = process.env
const app = express()
app.use(express.urlencoded({ extended: false }))

// Refuses every request whose signature is not right.
const signed = twilio.webhook({ protocol: 'http' })

app.post('/voice', signed, (_request, response) => {
  const twiml = new twilio.twiml.VoiceResponse()
  const gather = twiml.gather({ numDigits: 1, action: '/key' })
  gather.say('Welcome to the ordinary program. Press any key.')
  response.type('text/xml').send(twiml.toString())
})

app.post('/key', signed, (request, response) => {
  const twiml = new twilio.twiml.VoiceResponse()
  twiml.say(`You pressed ${request.body.Digits}.`)
  twiml.hangup()
  response.type('text/xml').send(twiml.toString())
})

app.post('/greeting', signed, (request, response) => {
  const twiml = new twilio.twiml.VoiceResponse()
  twiml.say(`This call goes to ${request.body.To}.`)
  twiml.hangup()
  response.type('text/xml').send(twiml.toString())
})

app.post('/call', async (request, response) => {
  const client = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN)
  const call = await client.calls.create({
    to: request.body.to,
    from: TWILIO_PHONE_NUMBER,
    url: `http://127.0.0.1:${PORT}/greeting`,
  })
  response.json({ sid: call.sid, status: call.status })
})

const server = app.listen(Number(PORT), '127.0.0.1', () => console.log(`program: ${server.address().port}`))
