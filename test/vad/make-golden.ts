/** `node scripts/run.mjs test/vad/make-golden.ts`: the clip and the probabilities that workerd must give (seeded network 1). */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { CLIPS } from './clips.ts'
import { referenceProbabilities } from './reference.ts'
import { seededNetwork } from './seeded-network.ts'

const clip = CLIPS['buzz in noise'] as Uint8Array
const probabilities = referenceProbabilities(seededNetwork(1), clip).map(one => Number(one.toFixed(7)))
writeFileSync(path.join(import.meta.dirname, 'buzz.bin'), clip)
writeFileSync(path.join(import.meta.dirname, 'golden.json'), `${JSON.stringify({ seed: 1, probabilities })}\n`)
