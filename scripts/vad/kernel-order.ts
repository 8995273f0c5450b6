/**
 * Puts the weights into the order in which the kernel reads them (src/media/vad/speech.kernel.ts). Weights that only ever
 * meet padding are left out: tap 0 of the third convolution, taps 0 and 2 of the fourth. The two biases of the LSTM are
 * added up.
 */
import { BINS, fourierBasis, type Network, sizeOf, TENSOR_NAMES, type TensorName, UNITS } from './network.ts'

/** The kernel's FFT may replace the basis only if the basis is a Fourier basis, within this error. */
const BASIS_ERROR_MAX = 1e-6

/** Returns little-endian f32. Throws if a tensor has a wrong size, or if the spectrum is not the one that the kernel computes. */
export function kernelOrder(network: Network): Uint8Array {
  for (const name of TENSOR_NAMES) {
    if (network[name].length !== sizeOf(name)) {
      throw new Error(`${name} has ${network[name].length} numbers, not ${sizeOf(name)}`)
    }
  }
  checkBasis(network['stft.forward_basis_buffer'])
  const values: number[] = []
  const push = (value: number | undefined) => {
    values.push(value as number)
  }
  convolution(network, 0, { channels: BINS, block: 8, taps: [0, 1, 2], tapsOutside: false }, push)
  convolution(network, 1, { channels: 128, block: 16, taps: [0, 1, 2], tapsOutside: false }, push)
  convolution(network, 2, { channels: 64, block: 32, taps: [1, 2], tapsOutside: true }, push)
  convolution(network, 3, { channels: 64, block: 32, taps: [1], tapsOutside: true }, push)
  lstm(network, push)
  network['decoder.decoder.2.weight'].forEach(push)
  push(network['decoder.decoder.2.bias'][0])
  for (let pad = 0; pad < 3; pad += 1) push(0)
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [at, value] of values.entries()) view.setFloat32(at * 4, value, true)
  return bytes
}

/** Goes the way back to a network that gives these weights. What the kernel leaves out is 0; one bias of the LSTM holds the sum of both. */
export function networkOfKernel(weights: Uint8Array): Network {
  // A network whose every number is its own place (below 2^24, so f32 holds it) shows where each place goes in the order.
  let places = 1
  const numbered = emptyNetwork(name => Float32Array.from({ length: sizeOf(name) }, () => places++))
  numbered['stft.forward_basis_buffer'] = Float32Array.from(fourierBasis())
  numbered['decoder.rnn.bias_hh'].fill(0)
  const order = kernelOrder(numbered)
  if (order.length !== weights.length) throw new Error(`weights of ${weights.length} bytes, not ${order.length}`)
  const from = new DataView(order.buffer)
  const values = new DataView(weights.buffer, weights.byteOffset, weights.byteLength)
  const found = new Float32Array(places)
  for (let at = 0; at < order.length; at += 4) found[from.getFloat32(at, true)] = values.getFloat32(at, true)
  found[0] = 0
  const network = emptyNetwork(name => numbered[name].map(place => found[place] as number))
  network['stft.forward_basis_buffer'] = Float32Array.from(fourierBasis())
  return network
}

function emptyNetwork(tensor: (name: TensorName) => Float32Array): Network {
  return Object.fromEntries(TENSOR_NAMES.map(name => [name, tensor(name)])) as Network
}

type Push = (value: number | undefined) => void
interface Order {
  channels: number
  /** output channels that the kernel works on together */
  block: number
  taps: number[]
  /** true if the taps are the outermost loop within a block, false if they are the innermost before its channels */
  tapsOutside: boolean
}

function convolution(network: Network, layer: 0 | 1 | 2 | 3, order: Order, push: Push): void {
  const weight = network[`encoder.${layer}.reparam_conv.weight`]
  const bias = network[`encoder.${layer}.reparam_conv.bias`]
  bias.forEach(push)
  const at = (out: number, channel: number, tap: number) => weight[(out * order.channels + channel) * 3 + tap]
  const each = (count: number, body: (index: number) => void) => {
    for (let index = 0; index < count; index += 1) body(index)
  }
  each(bias.length / order.block, block => {
    const row = (channel: number, tap: number) =>
      each(order.block, lane => push(at(block * order.block + lane, channel, tap)))
    if (order.tapsOutside) for (const tap of order.taps) each(order.channels, channel => row(channel, tap))
    else each(order.channels, channel => each(order.taps.length, tap => row(channel, order.taps[tap] as number)))
  })
}

/** PyTorch's rows are all i, then all f, all g and all o; a block of the kernel is i, f, g, o of eight units. */
function lstm(network: Network, push: Push): void {
  const rowsOf = (block: number) =>
    Array.from({ length: 32 }, (_, lane) => (lane >> 3) * UNITS + block * 8 + (lane & 7))
  const blocks = UNITS / 8
  for (let block = 0; block < blocks; block += 1) {
    for (const row of rowsOf(block)) {
      push((network['decoder.rnn.bias_ih'][row] as number) + (network['decoder.rnn.bias_hh'][row] as number))
    }
  }
  for (let block = 0; block < blocks; block += 1) {
    const rows = rowsOf(block)
    for (const weight of [network['decoder.rnn.weight_ih'], network['decoder.rnn.weight_hh']]) {
      for (let from = 0; from < UNITS; from += 1) for (const row of rows) push(weight[row * UNITS + from])
    }
  }
}

function checkBasis(basis: Float32Array): void {
  const wanted = fourierBasis()
  let worst = 0
  for (const [at, value] of basis.entries()) {
    worst = Math.max(worst, Math.abs(value - (wanted[at] as number)))
  }
  if (!(worst <= BASIS_ERROR_MAX)) throw new Error(`the spectrum is not a Hann-weighted Fourier basis: off by ${worst}`)
}
