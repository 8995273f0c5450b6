/** Every transcript in this folder, read against the machines. `STORIES=rewrite npm test` writes their answers anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { batchTongue } from './phrases/batch.ts'
import { callTongue } from './phrases/call.ts'
import { campaignTongue } from './phrases/campaign.ts'
import { deskTongue } from './phrases/desk.ts'
import { flowTongue } from './phrases/flow.ts'
import { roomTongue } from './phrases/room.ts'
import { retell } from './tell.ts'

const RETELL: Record<string, (text: string) => string> = {
  batch: text => retell(text, batchTongue),
  call: text => retell(text, callTongue),
  campaign: text => retell(text, campaignTongue),
  desk: text => retell(text, deskTongue),
  flow: text => retell(text, flowTongue()),
  room: text => retell(text, roomTongue),
}
const stories = readdirSync(import.meta.dirname).filter(name => name.endsWith('.txt'))

describe('stories', () => {
  for (const name of stories)
    test(name.replace('.txt', '').replaceAll('-', ' '), () => {
      const path = join(import.meta.dirname, name)
      const text = readFileSync(path, 'utf8')
      const machine = /^machine (\w+)$/m.exec(text)?.[1] ?? ''
      const told = RETELL[machine]?.(text)
      if (told === undefined) throw new Error(`${name} says "machine ${machine}", and there is none`)
      const rewrite = process.env.STORIES === 'rewrite'
      if (rewrite) writeFileSync(path, told)
      expect(told).toBe(rewrite ? told : text)
    })

  test('there are enough of them, over every machine', () => {
    expect(stories.length).toBeGreaterThanOrEqual(14)
    const told = new Set(stories.map(name => name.split('-', 1)[0]))
    expect([...told].sort()).toEqual(Object.keys(RETELL))
  })
})
