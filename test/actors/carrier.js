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
    if (url.pathname === '/_/silent') {
      silent = await request.text()
      return new Response('ok')
    }
    const text = new TextDecoder().decode(await request.arrayBuffer())
    const form = request.method === 'POST' ? formOf(new URLSearchParams(text)) : {}
    requests.push({ method: request.method, path: url.pathname, form })
    // This is longer than the object waits. The runtime would end a promise that nothing can settle at once.
    if (silent && url.pathname.includes(silent)) await scheduler.wait(20_000)
    const create = request.method === 'POST' && url.pathname.endsWith('/Calls.json')
    const how = create ? failing.creates : request.method === 'POST' ? failing.updates : 'none'
    if (how === '500') return Response.json({ code: 20500, message: 'down', status: 500 }, { status: 500 })
    if (how === '429') return Response.json({ code: 20429, message: 'slow down', status: 429 }, { status: 429 })
    if (how === '400') return Response.json({ code: 21211, message: 'invalid number', status: 400 }, { status: 400 })
    if (create && failing.from === form.From)
      return Response.json({ code: 21210, message: 'not a number of this account', status: 400 }, { status: 400 })
    if (create) {
      calls += 1
      return Response.json({ sid: `CA${String(calls).padStart(32, '0')}`, status: 'queued' }, { status: 201 })
    }
    if (url.pathname.endsWith('/Calls.json')) return Response.json({ calls: [] })
    const sid = /Calls\/(CA[0-9a-f]+)\.json$/.exec(url.pathname)?.[1] ?? ''
    const status = over.includes(sid) ? 'completed' : 'in-progress'
    return Response.json({ sid, status: ['completed', 'canceled'].includes(form.Status) ? form.Status : status })
  },
}
