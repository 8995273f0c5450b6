/**
 * The Silero VAD network (8 kHz branch) in its plainest form, which is the specification of the kernel. It computes in double
 * precision and takes no short cuts: it multiplies with the basis itself, runs every tap and adds both biases of the LSTM.
 * It is slow, and meant to be read.
 */
import { BINS, type Network, UNITS } from '../../scripts/vad/network.ts'
import { LINEAR_OF } from '../../src/sound/mulaw.ts'

const CHUNK = 256
const CONTEXT = 32

/** A layer holds channels over time; channel c at time t stands at c · times + t. */
interface Layer {
  times: number
  values: Float64Array
}

export interface ReferenceState {
  context: number[]
  output: number[]
  cell: number[]
}

export function freshState(): ReferenceState {
  const zeros = (length: number) => new Array<number>(length).fill(0)
  return { context: zeros(CONTEXT), output: zeros(UNITS), cell: zeros(UNITS) }
}

/** Returns the probability of speech of each whole chunk (256 µ-law bytes, 32 ms) of a clip; a shorter rest is left out. */
export function referenceProbabilities(network: Network, clip: Uint8Array): number[] {
  const state = freshState()
  const found: number[] = []
  for (let at = 0; at + CHUNK <= clip.length; at += CHUNK) {
    const samples = Array.from(clip.subarray(at, at + CHUNK), byte => (LINEAR_OF[byte] as number) / 32_768)
    found.push(referenceChunk(network, state, samples))
  }
  return found
}

/** Takes one chunk of 256 samples in −1…1 and returns its probability of speech. Changes `state`. */
export function referenceChunk(network: Network, state: ReferenceState, samples: number[]): number {
  const heard = [...state.context, ...samples]
  const mirrored = Array.from({ length: CONTEXT }, (_, at) => heard[heard.length - 2 - at] as number)
  state.context = heard.slice(-CONTEXT)
  let layer = spectrum(network, [...heard, ...mirrored])
  layer = convolution(network, 0, layer, 1)
  layer = convolution(network, 1, layer, 2)
  layer = convolution(network, 2, layer, 2)
  layer = convolution(network, 3, layer, 1)
  lstm(network, state, layer.values)
  const weight = network['decoder.decoder.2.weight']
  const sum = state.output.reduce((total, one, at) => total + Math.max(0, one) * (weight[at] as number), 0)
  return sigmoid(sum + (network['decoder.decoder.2.bias'][0] as number))
}

/** Returns the magnitudes of 65 bins for four frames of 128 samples, 64 apart. */
function spectrum(network: Network, samples: number[]): Layer {
  const basis = network['stft.forward_basis_buffer']
  const part = (row: number, frame: number) => {
    let sum = 0
    for (let at = 0; at < 128; at += 1) sum += (basis[row * 128 + at] as number) * (samples[frame * 64 + at] as number)
    return sum
  }
  const values = new Float64Array(BINS * 4)
  for (let bin = 0; bin < BINS; bin += 1) {
    for (let frame = 0; frame < 4; frame += 1) {
      values[bin * 4 + frame] = Math.sqrt(part(bin, frame) ** 2 + part(BINS + bin, frame) ** 2)
    }
  }
  return { times: 4, values }
}

/** A convolution of three taps with one zero at each end, and then a rectifier. */
function convolution(network: Network, layer: 0 | 1 | 2 | 3, { times, values }: Layer, stride: number): Layer {
  const weight = network[`encoder.${layer}.reparam_conv.weight`]
  const bias = network[`encoder.${layer}.reparam_conv.bias`]
  const channels = values.length / times
  const timesOut = Math.floor((times - 1) / stride) + 1
  const result = new Float64Array(bias.length * timesOut)
  for (let out = 0; out < bias.length; out += 1) {
    for (let time = 0; time < timesOut; time += 1) {
      let sum = bias[out] as number
      for (let tap = 0; tap < 3; tap += 1) {
        const from = time * stride + tap - 1
        if (from < 0 || from >= times) continue
        for (let channel = 0; channel < channels; channel += 1) {
          sum += (weight[(out * channels + channel) * 3 + tap] as number) * (values[channel * times + from] as number)
        }
      }
      result[out * timesOut + time] = Math.max(0, sum)
    }
  }
  return { times: timesOut, values: result }
}

function lstm(network: Network, state: ReferenceState, input: Float64Array): void {
  const gates = Array.from({ length: 4 * UNITS }, (_, row) => {
    let sum = (network['decoder.rnn.bias_ih'][row] as number) + (network['decoder.rnn.bias_hh'][row] as number)
    for (let at = 0; at < UNITS; at += 1) {
      sum += (network['decoder.rnn.weight_ih'][row * UNITS + at] as number) * (input[at] as number)
      sum += (network['decoder.rnn.weight_hh'][row * UNITS + at] as number) * (state.output[at] as number)
    }
    return sum
  })
  const gate = (kind: number, unit: number) => gates[kind * UNITS + unit] as number
  state.cell = state.cell.map(
    (old, unit) => sigmoid(gate(1, unit)) * old + sigmoid(gate(0, unit)) * Math.tanh(gate(2, unit)),
  )
  state.output = state.cell.map((cell, unit) => sigmoid(gate(3, unit)) * Math.tanh(cell))
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
