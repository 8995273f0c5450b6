// @ts-check
/** The developers' page: draws the world four times a second and listens to what happens. */
import { readWorld } from './api.js'
import { DialPad } from './dial-pad.js'
import { byId, element, setText } from './dom.js'
import { Happenings } from './happenings.js'
import { Phones } from './phones.js'
import { Switches } from './switches.js'

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
 * Do something; its failure is told, never thrown.
 * @param {() => Promise<unknown>} act @param {string} [done]
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
const parts = [new Phones(attempt, tell), new DialPad(attempt), new Switches(attempt)]

/** @param {import('./api.js').World} world */
function drawConferences(world) {
  const named = world.conferences.map(({ friendlyName, participants }) =>
    [friendlyName, ...participants.map(participant => describe(world, participant))].join('\n'),
  )
  const list = byId('conferences')
  if (list.dataset.key !== JSON.stringify(named)) {
    list.dataset.key = JSON.stringify(named)
    list.replaceChildren(
      ...named.map(text => {
        const [name = '', ...people] = text.split('\n')
        return element('li', {}, element('strong', { textContent: name }), element('br'), people.join(' · ') || 'empty')
      }),
    )
  }
  byId('conferences-none').hidden = named.length > 0
}

/** @param {import('./api.js').World} world @param {{callSid: string, label: string | null, muted: boolean, held: boolean}} participant */
function describe(world, { callSid, label, muted, held }) {
  const call = world.calls.find(({ sid }) => sid === callSid)
  const far = call ? (call.direction === 'inbound' ? call.from : call.to) : callSid
  const name = world.phones.find(({ number }) => number === far)?.name ?? far
  return [label ?? name, muted && 'muted', held && 'on hold'].filter(Boolean).join(', ')
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
    drawConferences(world)
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
