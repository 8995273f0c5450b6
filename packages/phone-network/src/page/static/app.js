// @ts-check
/** The developers' page: draws the world four times a second and listens to what happens. */
import { readWorld } from './api.js'
import { DialPad } from './dial-pad.js'
import { byId, element, setText } from './dom.js'
import { Happenings } from './happenings.js'
import { Phones } from './phones.js'
import { Switches } from './switches.js'
import { Texts } from './texts.js'

const REFRESH_MS = 250
const MESSAGE_MS = 6000

let messageTimer = 0

/** Say what was done, or what went wrong. @param {string} text @param {'done' | 'error'} [kind] */
function tell(text, kind = 'done') {
  const line = byId('message')
  line.dataset.kind = kind
  setText(line, text)
  clearTimeout(messageTimer)
  messageTimer = setTimeout(() => setText(line, ''), MESSAGE_MS)
}

/**
 * Run an action. A failure is shown to the developer and never thrown. @param {() => Promise<unknown>} act @param
 * {string} [done]
 */
async function attempt(act, done) {
  try {
    await act()
    if (done) tell(done)
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error), 'error')
  }
  await refresh()
}

const happenings = new Happenings()
const parts = [new Phones(attempt, tell), new DialPad(attempt), new Texts(attempt), new Switches(attempt)]

/**
 * Conferences, queues, streams and recordings, each as a title with its members. @param {import('./api.js').World}
 * world
 */
function gatherings(world) {
  return [
    ...world.conferences.map(({ friendlyName, participants }) => ({
      title: friendlyName,
      people: participants.map(({ callSid, label, muted, held }) =>
        [label ?? nameOf(world, callSid), muted && 'muted', held && 'on hold'].filter(Boolean).join(', '),
      ),
    })),
    ...world.queues.map(({ friendlyName, members }) => ({
      title: `Queue ${friendlyName}`,
      people: members.map((callSid, index) => `${index + 1}. ${nameOf(world, callSid)}`),
    })),
    ...world.streams.map(({ callSid, url, track }) => ({
      title: `Stream to ${new URL(url).host}`,
      people: [`${nameOf(world, callSid)}, ${track.replace('_', ' ')}`],
    })),
    ...world.recordings.map(({ callSid, conferenceSid, status }) => ({
      title: status === 'paused' ? 'Recording, paused' : 'Recording',
      people: [callSid ? nameOf(world, callSid) : (roomOf(world, conferenceSid) ?? 'a conference')],
    })),
  ]
}

/** @param {import('./api.js').World} world */
function drawGatherings(world) {
  const found = gatherings(world)
  const list = byId('gatherings')
  if (list.dataset.key !== JSON.stringify(found)) {
    list.dataset.key = JSON.stringify(found)
    list.replaceChildren(
      ...found.map(({ title, people }) =>
        element('li', {}, element('strong', { textContent: title }), element('br'), people.join(' · ') || 'empty'),
      ),
    )
  }
  byId('gatherings-none').hidden = found.length > 0
}

/** @param {import('./api.js').World} world @param {string | null} conferenceSid */
function roomOf(world, conferenceSid) {
  return world.conferences.find(({ sid }) => sid === conferenceSid)?.friendlyName
}

/** @param {import('./api.js').World} world @param {string} callSid */
function nameOf(world, callSid) {
  const call = world.calls.find(({ sid }) => sid === callSid)
  const far = call ? (call.direction === 'inbound' ? call.from : call.to) : callSid
  return world.phones.find(({ number }) => number === far)?.name ?? far
}

let refreshing = false

async function refresh() {
  if (refreshing) return
  refreshing = true
  const link = byId('link')
  try {
    const world = await readWorld()
    link.dataset.state = 'up'
    setText(link, 'Connected')
    setText(byId('account'), world.account.accountSid)
    for (const part of parts) part.draw(world)
    drawGatherings(world)
    happenings.follow(world.lastSeq)
  } catch {
    link.dataset.state = 'down'
    setText(link, 'Not reachable, trying again')
  } finally {
    refreshing = false
  }
}

setInterval(() => {
  if (document.visibilityState === 'visible') void refresh()
}, REFRESH_MS)
document.addEventListener('visibilitychange', () => void refresh())
void refresh()
