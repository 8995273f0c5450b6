/** The tensors of Silero VAD's 8 kHz branch by name, as PyTorch lays them out, with the shapes of the published ONNX graph. */

export const BINS = 65
export const UNITS = 128

/** Each tensor of the network with its shape. */
export const SHAPES = {
  'stft.forward_basis_buffer': [2 * BINS, 1, 128],
  'encoder.0.reparam_conv.weight': [128, BINS, 3],
  'encoder.0.reparam_conv.bias': [128],
  'encoder.1.reparam_conv.weight': [64, 128, 3],
  'encoder.1.reparam_conv.bias': [64],
  'encoder.2.reparam_conv.weight': [64, 64, 3],
  'encoder.2.reparam_conv.bias': [64],
  'encoder.3.reparam_conv.weight': [128, 64, 3],
  'encoder.3.reparam_conv.bias': [128],
  'decoder.rnn.weight_ih': [4 * UNITS, UNITS],
  'decoder.rnn.weight_hh': [4 * UNITS, UNITS],
  'decoder.rnn.bias_ih': [4 * UNITS],
  'decoder.rnn.bias_hh': [4 * UNITS],
  'decoder.decoder.2.weight': [1, UNITS, 1],
  'decoder.decoder.2.bias': [1],
} as const

export type TensorName = keyof typeof SHAPES
export type Network = Record<TensorName, Float32Array>

export const TENSOR_NAMES = Object.keys(SHAPES) as TensorName[]

export function sizeOf(name: TensorName): number {
  return SHAPES[name].reduce((product, one) => product * one, 1)
}

/** The periodic Hann window times the Fourier basis; rows 0…64 are real, 65…129 imaginary. The kernel computes an FFT instead. */
export function fourierBasis(): Float64Array {
  const basis = new Float64Array(2 * BINS * 128)
  for (let bin = 0; bin < BINS; bin += 1) {
    for (let at = 0; at < 128; at += 1) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / 128)
      const angle = (2 * Math.PI * ((bin * at) % 128)) / 128
      basis[bin * 128 + at] = window * Math.cos(angle)
      basis[(BINS + bin) * 128 + at] = -window * Math.sin(angle)
    }
  }
  return basis
}
