import { expect, test } from 'vitest'
import { kernelOrder } from '../../scripts/vad/kernel-order.ts'
import { type Network, SHAPES, TENSOR_NAMES, type TensorName } from '../../scripts/vad/network.ts'
import { networkOf } from '../../scripts/vad/onnx.ts'
import { seededNetwork } from './seeded-network.ts'

/** A small writer of the wire format, so that the reader is not checked against itself. */
function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
function field(number: number, body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes])
}
const scalar = (number: number, value: number) => Buffer.from([...varint(number * 8), ...varint(value)])

function tensor(values: Float32Array, dims: readonly number[], name = '', packed = false): Buffer {
  const shape = packed ? [field(1, Buffer.from(dims.flatMap(varint)))] : dims.map(one => scalar(1, one))
  return Buffer.concat([...shape, scalar(2, 1), field(8, name), field(9, Buffer.from(values.buffer))])
}
function constant(name: string, value: Buffer): Buffer {
  return field(
    1,
    Buffer.concat([
      field(2, name),
      field(4, 'Constant'),
      field(5, Buffer.concat([field(1, 'value'), field(5, value)])),
    ]),
  )
}

type Shapes = Record<TensorName, readonly number[]>
function branch(network: Network, prefix: string, shapes: Shapes = SHAPES): Buffer {
  return Buffer.concat([
    constant(`${prefix}other`, tensor(new Float32Array(3), [3])),
    ...TENSOR_NAMES.map((name, at) => constant(prefix + name, tensor(network[name], shapes[name], '', at % 2 === 0))),
  ])
}
function choice(thenBranch: Buffer, elseBranch: Buffer): Buffer {
  const attribute = (name: string, graph: Buffer) => field(5, Buffer.concat([field(1, name), field(6, graph)]))
  const node = Buffer.concat([
    field(4, 'If'),
    attribute('then_branch', thenBranch),
    attribute('else_branch', elseBranch),
  ])
  return Buffer.concat([scalar(1, 8), field(7, Buffer.concat([field(1, node), field(2, 'main')]))])
}

const network = seededNetwork(7)
const wide: Network = {
  ...seededNetwork(8),
  'stft.forward_basis_buffer': new Float32Array(258 * 256),
  'encoder.0.reparam_conv.weight': new Float32Array(128 * 129 * 3),
}
const wideShapes: Shapes = {
  ...SHAPES,
  'stft.forward_basis_buffer': [258, 1, 256],
  'encoder.0.reparam_conv.weight': [128, 129, 3],
}

test('takes all tensors from the 8 kHz branch, whichever it is, and none from the other', () => {
  const [eight, sixteen] = [
    branch(network, 'If_0_else_branch__Inline_0__'),
    branch(wide, 'If_0_then_branch__Inline_0__', wideShapes),
  ]
  expect(networkOf(choice(sixteen, eight))).toEqual(network)
  expect(networkOf(choice(eight, sixteen))).toEqual(network)
})

test('reads weights that stand as initializers of the graph', () => {
  const graph = TENSOR_NAMES.map(name => field(5, tensor(network[name], SHAPES[name], `model.${name}`)))
  expect(networkOf(field(7, Buffer.concat(graph)))).toEqual(network)
})

test('says what is missing', () => {
  const sixteen = branch(wide, '', wideShapes)
  expect(() => networkOf(choice(sixteen, sixteen))).toThrow('stft.forward_basis_buffer is 258×1×256')
  expect(() => networkOf(Buffer.from('hello'))).toThrow()
  expect(() => networkOf(new Uint8Array())).toThrow('this is no ONNX model')
  const whole = choice(sixteen, branch(network, ''))
  expect(() => networkOf(whole.subarray(0, whole.length - 1_000))).toThrow(/are left|no graph/)
})

test('a spectrum that is not the kernel’s, or a tensor of a wrong size, is refused', () => {
  const basis = network['stft.forward_basis_buffer'].slice()
  basis[1000] = (basis[1000] ?? 0) + 1e-3
  expect(() => kernelOrder({ ...network, 'stft.forward_basis_buffer': basis })).toThrow('not a Hann-weighted')
  expect(() => kernelOrder({ ...network, 'decoder.rnn.bias_ih': new Float32Array(8) })).toThrow(
    'has 8 numbers, not 512',
  )
})
