/** One part of a path. An id of the carrier came over its webhooks, so it never says where in the API it leads. */
export function part(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replaceAll('.', '%2E')
}
