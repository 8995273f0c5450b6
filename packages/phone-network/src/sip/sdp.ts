/** Session descriptions (RFC 4566) with the one codec of this network, µ-law, and keys as events (RFC 4733). */

export const PCMU = 0
const EVENTS = 101

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

/** The address and the form of the other side's sound, read from its session description. */
export interface RemoteMedia {
  address: string
  port: number
  /** payload type of keys; null: it takes none */
  events: number | null
  direction: Direction
}

/** The first stream of sound. Null when there is none that we can speak. */
export function readMedia(body: string): RemoteMedia | null {
  const lines = body.split(/\r?\n/)
  const at = lines.findIndex(line => line.startsWith('m='))
  const audio = lines.findIndex(line => line.startsWith('m=audio '))
  if (audio < 0) return null
  const session = lines.slice(0, at)
  const until = lines.findIndex((line, index) => index > audio && line.startsWith('m='))
  const own = lines.slice(audio, until < 0 ? undefined : until)
  const media = /^m=audio (\d{1,5})(?:\/\d+)? RTP\/AVP((?: \d{1,3})+)\s*$/.exec(own[0] ?? '')
  if (media === null) return null
  const types = (media[2] ?? '').trim().split(' ').map(Number)
  const connection = [...own, ...session].find(line => line.startsWith('c='))
  const address = /^c=IN IP4 ([\d.]+)/.exec(connection ?? '')?.[1]
  const port = Number(media[1])
  if (!types.includes(PCMU) || address === undefined || port > 65_535) return null
  const events = own
    .map(line => /^a=rtpmap:(\d{1,3}) telephone-event\/8000/i.exec(line)?.[1])
    .find(one => one !== undefined)
  const direction = [...own, ...session]
    .map(line => /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/.exec(line)?.[1])
    .find(one => one !== undefined)
  return {
    address,
    port,
    events: events === undefined ? null : Number(events),
    // The way of RFC 2543 to put somebody on hold.
    direction: address === '0.0.0.0' ? 'sendonly' : ((direction as Direction | undefined) ?? 'sendrecv'),
  }
}

const MIRROR: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
}

export interface LocalMedia {
  address: string
  port: number
  id: number
  version: number
}

/** Our offer, or the answer to `remote`. */
export function writeMedia({ address, port, id, version }: LocalMedia, remote: RemoteMedia | null): string {
  const events = remote === null ? EVENTS : remote.events
  const types = [PCMU, ...(events === null ? [] : [events])]
  return [
    'v=0',
    `o=- ${id} ${version} IN IP4 ${address}`,
    's=phone-network',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')}`,
    'a=rtpmap:0 PCMU/8000',
    ...(events === null ? [] : [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-15`]),
    'a=ptime:20',
    `a=${MIRROR[remote?.direction ?? 'sendrecv']}`,
    '',
  ].join('\r\n')
}

/** Whether the other side wants to hear us. */
export function hearsUs({ direction, address, port }: RemoteMedia): boolean {
  return port > 0 && address !== '0.0.0.0' && (direction === 'sendrecv' || direction === 'recvonly')
}
