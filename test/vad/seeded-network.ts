/** Makes a network of the right shape with seeded numbers, because the kernel must be right for any weights. */

import { seeded } from '../../bench/vad/clips/chance.ts'
import { fourierBasis, type Network, SHAPES, sizeOf, TENSOR_NAMES, type TensorName } from '../../scripts/vad/network.ts'

/** The scales keep the numbers of all layers in the same range, and let the output move between sure and unsure. */
export function seededNetwork(seed: number): Network {
  const random = seeded(seed)
  const tensor = (name: TensorName): Float32Array => {
    if (name === 'stft.forward_basis_buffer') return Float32Array.from(fourierBasis())
    const reads = SHAPES[name].slice(1).reduce((product, one) => product * one, 1)
    const scale = name.endsWith('bias') || name.includes('bias_') ? 0.1 : Math.sqrt(6 / reads)
    const louder = name === 'decoder.decoder.2.weight' ? 20 : 1
    return Float32Array.from({ length: sizeOf(name) }, () => (random() * 2 - 1) * scale * louder)
  }
  return Object.fromEntries(TENSOR_NAMES.map(name => [name, tensor(name)])) as Network
}
