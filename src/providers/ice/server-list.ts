/** Reads a list of servers for ICE, of a vendor or of the settings. */
import { z } from 'zod'
import type { IceServer } from './port.ts'

const url = z.string().regex(/^(stuns?|turns?):[^\s]{1,250}$/)
/** What a vendor or the settings name; anything else beside it is left out. */
const iceServerList = z
  .array(
    z.object({
      urls: z.union([url.transform(one => [one]), z.array(url).min(1).max(10)]),
      username: z.string().max(500).optional(),
      credential: z.string().max(500).optional(),
    }),
  )
  .max(10)

/** Null: it cannot be read. */
export function listIn(setting: string | undefined): IceServer[] | null {
  if (setting === undefined || setting.trim() === '') return []
  try {
    return readServers(JSON.parse(setting))
  } catch {
    return null
  }
}

/** Null: they are none. */
export function readServers(list: unknown): IceServer[] | null {
  const read = iceServerList.safeParse(list)
  if (!read.success) return null
  return read.data.map(({ urls, username, credential }) => ({
    urls,
    ...(username === undefined ? {} : { username }),
    ...(credential === undefined ? {} : { credential }),
  }))
}
