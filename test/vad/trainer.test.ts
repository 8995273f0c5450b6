/** The trainer is right about the network: it hears what the plain network hears, and its derivatives are derivatives. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { CHUNKS, LINES } from '../../scripts/vad/train/blocks.ts'
import { createChance } from '../../scripts/vad/train/chance.ts'
import { networkFrom, tensorFile } from '../../scripts/vad/train/tensors.ts'
import { buildTrainer, hasProgram } from '../../scripts/vad/train/trainer.ts'
import { CLIPS } from './clips.ts'
import { referenceProbabilities } from './reference.ts'
import { seededNetwork } from './seeded-network.ts'

const compiler = hasProgram('cc')
if (!compiler) console.log('skipped: the tests of the trainer need a C compiler (cc)')
const folder = mkdtempSync(path.join(tmpdir(), 'trunkline-trainer-'))
const program = compiler ? buildTrainer(folder) : ''
afterAll(() => rmSync(folder, { recursive: true }))

test('tensors come back from their file as they were, and a file that lacks some is refused', () => {
  const network = seededNetwork(3)
  const file = tensorFile(network)
  expect(networkFrom(file)).toEqual(network)
  expect(() => networkFrom(file.subarray(0, file.length - 4 - 'decoder.decoder.2.bias 1\n'.length))).toThrow(
    'missing: decoder.decoder.2.bias',
  )
  expect(() => networkFrom(Buffer.from('hello 7\n'))).toThrow('no tensor: hello 7')
})

test.skipIf(!compiler)('the trainer hears what the plain network hears', () => {
  const network = seededNetwork(5)
  const weights = path.join(folder, 'seeded.tensors')
  writeFileSync(weights, tensorFile(network))
  for (const [name, clip] of Object.entries(CLIPS)) {
    const said = execFileSync(program, ['forward', weights], { input: clip, encoding: 'utf8' })
    const found = said.trim().split('\n').map(Number)
    const wanted = referenceProbabilities(network, clip)
    expect(found.length).toBe(wanted.length)
    expect(Math.max(...found.map((one, at) => Math.abs(one - (wanted[at] as number)))), name).toBeLessThan(1e-4)
  }
})

test.skipIf(!compiler)('every derivative is the difference over a small step', () => {
  const said = execFileSync(buildTrainer(folder, 'double'), ['gradients'], { encoding: 'utf8' })
  const [worst = Number.NaN, size = 0] = said.trim().split(' ').map(Number)
  expect(size).toBeGreaterThan(0.1)
  expect(worst).toBeLessThan(1e-6 * size)
})

test.skipIf(!compiler)('it learns: a loud tone from a soft one, in a few steps', () => {
  const out = path.join(folder, 'learned.tensors')
  const blocks = Buffer.concat(Array.from({ length: 12 }, (_, at) => toneBlock(at)))
  const dev = path.join(folder, 'dev.blocks')
  writeFileSync(dev, toneBlock(99))
  const said = execFileSync(program, ['train', out, dev, '12', '1'], { input: blocks, encoding: 'utf8' })
  expect(Number(/dev AUC ([\d.]+)/.exec(said)?.[1])).toBeGreaterThan(0.9)
  expect(Object.keys(networkFrom(readFileSync(out))).length).toBeGreaterThan(10)
})

/** Lines of noise in loud and soft stretches; the loud ones are "speech". */
function toneBlock(seed: number): Uint8Array {
  const chance = createChance(seed)
  const one = 1 + CHUNKS * 257
  const block = new Uint8Array(LINES * one)
  for (let line = 0; line < LINES; line += 1) {
    block[line * one] = 1
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
      const loud = (chunk + line) % 20 < 10
      block[line * one + 1 + chunk] = loud ? 255 : 0
      const from = line * one + 1 + CHUNKS + chunk * 256
      for (let at = 0; at < 256; at += 1) block[from + at] = (loud ? 0x90 : 0xd0) | chance.whole(0, 15)
    }
  }
  return block
}
