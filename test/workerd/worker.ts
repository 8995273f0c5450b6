/** The tests call the adapters themselves; a Worker must be there all the same. */
export default { fetch: () => new Response(null, { status: 404 }) }
