// The page of the SIP tests with the unmodified JsSIP. It notes what the library reports and drives it.
import JsSIP from 'jssip'
import { loudness } from './ear.js'

/** Everything that the phone and its calls report, in order. */
const heard = []
const note = (...words) => heard.push(words.filter(word => word !== undefined).join(' '))
const media = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } }
const EVENTS = ['progress', 'accepted', 'confirmed', 'hold', 'unhold', 'newDTMF', 'ended', 'failed']

function follow(session, name) {
  window.sip.sessions[name] = session
  for (const event of EVENTS)
    session.on(event, data => {
      if (event === 'newDTMF') note(name, event, data.originator, data.dtmf.tone)
      else if (event === 'hold' || event === 'unhold') note(name, event, data.originator)
      else if (event === 'failed' || event === 'ended')
        note(name, event, data.originator, data.cause, data.message?.status_code, data.message?.reason_phrase)
      else note(name, event)
    })
  // Whoever is asked to call somebody else does it, as a person would who agrees.
  session.on('refer', ({ accept }) => {
    note(name, 'refer')
    accept(next => follow(next, 'referred'), media)
  })
}

window.sip = {
  heard,
  sessions: {},
  ua: null,
  start({ url, domain, user, password }) {
    const sockets = [new JsSIP.WebSocketInterface(url)]
    const ua = new JsSIP.UA({ sockets, uri: `sip:${user}@${domain}`, password, register_expires: 600 })
    ua.on('registered', () => note('registered'))
    ua.on('unregistered', () => note('unregistered'))
    ua.on('disconnected', () => note('disconnected'))
    ua.on('registrationFailed', ({ response, cause }) => note('registrationFailed', cause, response?.status_code))
    ua.on('newMessage', ({ originator, request }) => originator === 'remote' && note('message', request.body))
    ua.on('newRTCSession', ({ originator, session }) => {
      if (originator !== 'remote') return
      follow(session, 'incoming')
      note('incoming', session.remote_identity.uri.user)
    })
    ua.start()
    window.sip.ua = ua
  },
  call(user) {
    follow(window.sip.ua.call(user, media), 'outgoing')
  },
  accept() {
    window.sip.sessions.incoming.answer(media)
  },
  busy() {
    window.sip.sessions.incoming.terminate({ status_code: 486, reason_phrase: 'Busy Here' })
  },
  hangUp(name) {
    window.sip.sessions[name].terminate()
  },
  hold(name, on) {
    const session = window.sip.sessions[name]
    return on ? session.hold() : session.unhold()
  },
  dial(name, tones) {
    window.sip.sessions[name].sendDTMF(tones, { transportType: 'INFO' })
  },
  transfer(name, user) {
    window.sip.sessions[name].refer(user, {
      eventHandlers: {
        accepted: ({ status_line }) => note('refer accepted', status_line?.status_code),
        failed: ({ status_line }) => note('refer failed', status_line?.status_code),
      },
    })
  },
  say(user, text) {
    window.sip.ua.sendMessage(user, text)
  },
  loudness: name => loudness(window.sip.sessions[name]?.connection),
}
