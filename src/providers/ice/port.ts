/** Servers by which phones behind firewalls find a way for their sound (RFC 8445, RFC 8656). The sound of phones in browsers goes between them. */

/** As a browser takes it (`RTCIceServer`). */
export interface IceServer {
  urls: string[]
  username?: string
  credential?: string
}
export interface IceServers {
  servers: IceServer[]
  /** how long they are good; null: until the setting changes */
  ttlS: number | null
}
export type AskIceServers = () => Promise<IceServers>
