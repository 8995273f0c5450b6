/** The Twilio edge that a browser has reached, by the host name that it used. */

export interface Edge {
  edge: string
  /** as Twilio's gateway names it; the SDK turns it into us1 and so on */
  region: string
}

/** Edges and regions: es5/twilio/regions.js of @twilio/voice-sdk 2.18.5. */
const REGIONS: Record<string, string> = {
  ashburn: 'US_EAST_VIRGINIA',
  umatilla: 'US_WEST_OREGON',
  dublin: 'EU_IRELAND',
  frankfurt: 'EU_FRANKFURT',
  sydney: 'ASIAPAC_SYDNEY',
  singapore: 'ASIAPAC_SINGAPORE',
  tokyo: 'ASIAPAC_TOKYO',
  'sao-paulo': 'SOUTH_AMERICA_SAO_PAULO',
  'ashburn-ix': 'US_EAST_VIRGINIA',
  'san-jose-ix': 'US_WEST_OREGON',
  'london-ix': 'EU_IRELAND',
  'frankfurt-ix': 'EU_FRANKFURT',
  'sydney-ix': 'ASIAPAC_SYDNEY',
  'singapore-ix': 'ASIAPAC_SINGAPORE',
  'tokyo-ix': 'ASIAPAC_TOKYO',
}
const NEAREST = 'ashburn'
const EDGE_HOST = /^voice-js\.([^.]+)\.twilio\.com(:\d+)?$/i

function edgeNamed(name: string): Edge | null {
  const edge = name === 'roaming' ? NEAREST : name
  const region = REGIONS[edge]
  return region === undefined ? null : { edge, region }
}

/**
 * `roaming` becomes a concrete edge, as the SDK builds the address for its next connection from the answer. A host that
 * names no edge (127.0.0.1) is at `otherwise`. Null: this edge does not exist; the real name would not resolve.
 */
export function edgeOf(host: string, otherwise = 'roaming'): Edge | null {
  const named = EDGE_HOST.exec(host)?.[1]?.toLowerCase()
  return named === undefined ? (edgeNamed(otherwise) ?? { edge: otherwise, region: otherwise }) : edgeNamed(named)
}
