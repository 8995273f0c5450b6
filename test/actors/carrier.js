/**
 * A minimal carrier for tests of actors: it records requests, and fails on demand. `/_/…` is for the
 * test; the rest is the carrier's REST. (The real look-alike is packages/phone-network/src/; it cannot run inside workerd.)
 */
let requests = []
let failing = { creates: 'none', updates: 'none' }
let calls = 0
/** requests of this kind are performed and never answered, because the object that asks dies first */
let silent = null
/** ids of calls that are over, when somebody asks */
let over = []

/** by name: who is in a room, when somebody asks; absent: the carrier refuses to say */
let rooms = {}

/** by id: what it takes for a call, when somebody asks */
let prices = {}

/** by id: what a step for a message has recorded */
let recordings = {}

/** A second of tone, or of silence, is 8,000 samples (RIFF/WAVE, 16-bit PCM); of two channels the first one has the tone. */
function soundOf({ seconds, loud, channels = 1 }) {
  const samples = seconds * 8_000 * channels
  const file = new DataView(new ArrayBuffer(44 + samples * 2))
  const word = (at, text) => {
    for (let place = 0; place < text.length; place += 1) file.setUint8(at + place, text.charCodeAt(place))
  }
  word(0, 'RIFF')
  file.setUint32(4, file.byteLength - 8, true)
  word(8, 'WAVEfmt ')
  file.setUint32(16, 16, true)
  file.setUint16(20, 1, true)
  file.setUint16(22, channels, true)
  file.setUint32(24, 8_000, true)
  file.setUint32(28, 16_000 * channels, true)
  file.setUint16(32, 2 * channels, true)
  file.setUint16(34, 16, true)
  word(36, 'data')
  file.setUint32(40, samples * 2, true)
  for (let at = 0; at < samples; at += 1)
    file.setInt16(44 + at * 2, loud && at % channels === 0 ? Math.round(6_000 * Math.sin(at / 3)) : 0, true)
  return file.buffer
}

/** `…/Recordings…`; null: something else is asked. */
function ofRecordings(request, url) {
  const call = /Calls\/(\w+)\/Recordings\.json$/.exec(url.pathname)?.[1]
  if (request.method === 'GET' && call !== undefined) {
    const own = Object.entries(recordings).filter(([, one]) => one.call === call)
    const body = own.map(([sid, { seconds, source = 'RecordVerb' }]) => ({
      sid,
      duration: String(seconds),
      source,
      status: 'completed',
    }))
    return Response.json({ recordings: body })
  }
  const sid = /Recordings\/(RE\w+)\.(?:wav|json)$/.exec(url.pathname)?.[1]
  if (sid === undefined) return null
  const found = recordings[sid]
  if (found === undefined) return Response.json({ code: 20404, message: 'gone', status: 404 }, { status: 404 })
  if (request.method === 'DELETE') {
    delete recordings[sid]
    return new Response(null, { status: 204 })
  }
  return new Response(soundOf(found), { headers: { 'Content-Type': 'audio/x-wav' } })
}

/** `…/Conferences…`, read; null: something else is asked. */
function ofRooms(request, url) {
  if (request.method !== 'GET' || !url.pathname.includes('/Conferences')) return null
  if (url.pathname.endsWith('/Conferences.json')) {
    const people = rooms[url.searchParams.get('FriendlyName')]
    if (people === undefined) return Response.json({ code: 20001, message: 'refused', status: 400 }, { status: 400 })
    return Response.json({ conferences: people.length === 0 ? [] : [{ sid: people[0].conference_sid }] })
  }
  const sid = /Conferences\/([\w-]+)\/Participants\.json$/.exec(url.pathname)?.[1]
  const participants = Object.values(rooms).flat()
  return Response.json({ participants: participants.filter(one => one.conference_sid === sid) })
}

/** by path: domains, lists and what is in them. They stay when the rest is forgotten */
const sip = {}
let sipMade = 0
const SIP_KEYS = {
  Domains: 'domains',
  CredentialLists: 'credential_lists',
  Credentials: 'credentials',
  IpAccessControlLists: 'ip_access_control_lists',
  IpAddresses: 'ip_addresses',
}

/** `…/SIP/…`: every list is a list of what was posted to it; null: something else is asked. */
function ofSip(request, url, form) {
  const path = /\/(SIP\/.*)\.json$/.exec(url.pathname)?.[1]
  if (path === undefined) return null
  const [, list, sid] = /^(.*)\/((?:SD|CL|AL|CR|IP)\d+)$/.exec(path) ?? [null, path, null]
  sip[list] ??= []
  const items = sip[list]
  const word = list.slice(list.lastIndexOf('/') + 1)
  if (request.method === 'GET') return Response.json({ [SIP_KEYS[word] ?? 'contents']: items })
  const at = items.findIndex(one => one.sid === sid)
  if (request.method === 'DELETE') {
    items.splice(at, at < 0 ? 0 : 1)
    return new Response(null, { status: at < 0 ? 404 : 204 })
  }
  const fields = Object.entries(form).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter, place) => (place === 0 ? '' : '_') + letter.toLowerCase()),
    value === 'true' || value === 'false' ? value === 'true' : value,
  ])
  const made = Object.fromEntries(fields)
  if (at >= 0) return Response.json(Object.assign(items[at], made))
  sipMade += 1
  const kind = { Domains: 'SD', CredentialLists: 'CL', Credentials: 'CR', IpAccessControlLists: 'AL' }[word] ?? 'IP'
  items.push({ sid: made.credential_list_sid ?? made.ip_access_control_list_sid ?? `${kind}${sipMade}`, ...made })
  return Response.json(items.at(-1), { status: 201 })
}

/** A field that is sent several times has its values side by side. */
function formOf(sent) {
  return Object.fromEntries([...new Set(sent.keys())].map(name => [name, sent.getAll(name).join(' ')]))
}

export default {
  async fetch(request) {
    const url = new URL(request.url)
    if (url.pathname === '/_/requests') return Response.json(requests)
    if (url.pathname === '/_/reset') {
      requests = []
      failing = { creates: 'none', updates: 'none' }
      silent = null
      over = []
      prices = {}
      recordings = {}
      rooms = {}
      return new Response('ok')
    }
    if (url.pathname === '/_/fail') {
      failing = { ...failing, ...(await request.json()) }
      return new Response('ok')
    }
    if (url.pathname === '/_/over') {
      over.push(await request.text())
      return new Response('ok')
    }
    if (url.pathname === '/_/price') {
      Object.assign(prices, await request.json())
      return new Response('ok')
    }
    if (url.pathname === '/_/recordings') {
      if (request.method === 'POST') Object.assign(recordings, await request.json())
      return Response.json(recordings)
    }
    if (url.pathname === '/_/room') {
      Object.assign(rooms, await request.json())
      return new Response('ok')
    }
    if (url.pathname === '/_/silent') {
      silent = await request.text()
      return new Response('ok')
    }
    const text = new TextDecoder().decode(await request.arrayBuffer())
    const form = request.method === 'POST' ? formOf(new URLSearchParams(text)) : {}
    requests.push({ method: request.method, path: url.pathname, form })
    // This is longer than the object waits. The runtime would end a promise that nothing can settle at once.
    if (silent && url.pathname.includes(silent)) await scheduler.wait(20_000)
    const read = ofRecordings(request, url) ?? ofRooms(request, url)
    if (read !== null) return read
    const create = request.method === 'POST' && url.pathname.endsWith('/Calls.json')
    const how = create ? failing.creates : request.method === 'POST' ? failing.updates : 'none'
    if (how === '500') return Response.json({ code: 20500, message: 'down', status: 500 }, { status: 500 })
    if (how === '429') return Response.json({ code: 20429, message: 'slow down', status: 429 }, { status: 429 })
    if (how === '400') return Response.json({ code: 21211, message: 'invalid number', status: 400 }, { status: 400 })
    const ofPhones = ofSip(request, url, form)
    if (ofPhones !== null) return ofPhones
    if (create && failing.to === form.To)
      return Response.json({ code: 21211, message: 'invalid number', status: 400 }, { status: 400 })
    if (create && failing.from === form.From)
      return Response.json({ code: 21210, message: 'not a number of this account', status: 400 }, { status: 400 })
    if (create) {
      calls += 1
      return Response.json({ sid: `CA${String(calls).padStart(32, '0')}`, status: 'queued' }, { status: 201 })
    }
    if (url.pathname.endsWith('/Calls.json')) return Response.json({ calls: [] })
    const sid = /Calls\/(CA[0-9a-f]+)\.json$/.exec(url.pathname)?.[1] ?? ''
    const status = over.includes(sid) ? 'completed' : 'in-progress'
    const price = prices[sid] ?? null
    const now = ['completed', 'canceled'].includes(form.Status) ? form.Status : status
    return Response.json({ sid, status: now, price, price_unit: 'USD' })
  },
}
