// The page of the SIP tests with the unmodified SIP.js.
import { Inviter, Registerer, RegistererState, SessionState, UserAgent } from 'sip.js'
import { loudness } from './ear.js'

const heard = []
const note = (...words) => heard.push(words.join(' '))
const media = { sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } } }

function follow(session, name) {
  window.sip.sessions[name] = session
  session.stateChange.addListener(state => note(name, state))
  session.delegate = {
    onInfo(info) {
      note(name, 'info', info.request.body.trim().split(/\s+/)[0])
      void info.accept()
    },
  }
}

window.sip = {
  heard,
  sessions: {},
  agent: null,
  async start({ url, domain, user, password }) {
    const agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${user}@${domain}`),
      authorizationUsername: user,
      authorizationPassword: password,
      transportOptions: { server: url, keepAliveInterval: 1 },
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: [] } },
      logLevel: 'error',
      delegate: {
        onInvite(invitation) {
          follow(invitation, 'incoming')
          note('incoming', invitation.remoteIdentity.uri.user)
        },
      },
    })
    window.sip.agent = agent
    await agent.start()
    const registerer = new Registerer(agent)
    registerer.stateChange.addListener(state => state === RegistererState.Registered && note('registered'))
    await registerer.register()
  },
  call(user) {
    const { agent } = window.sip
    const inviter = new Inviter(agent, UserAgent.makeURI(`sip:${user}@${agent.configuration.uri.host}`), media)
    follow(inviter, 'outgoing')
    return inviter.invite()
  },
  accept: () => window.sip.sessions.incoming.accept(media),
  hangUp: name => window.sip.sessions[name].bye(),
  loudness: name => {
    const session = window.sip.sessions[name]
    return session?.state === SessionState.Established ? loudness(session.sessionDescriptionHandler.peerConnection) : 0
  },
}
