/**
 * Finds the 8 kHz branch of Silero VAD in an ONNX file. The published file holds an `If` with one network per sample rate;
 * the weights are constants inside the branches and keep their PyTorch names at the end of longer ones. Both branches use
 * the same names, and only two shapes differ, so all must come from one branch. The field numbers are those of onnx/onnx.proto.
 */
import { type Network, SHAPES, sizeOf, TENSOR_NAMES, type TensorName } from './network.ts'
import { messages, numbers, text } from './protobuf.ts'

const MODEL = { graph: 7 }
const GRAPH = { node: 1, initializer: 5 }
const NODE = { output: 2, type: 4, attribute: 5 }
const ATTRIBUTE = { name: 1, tensor: 5, graph: 6 }
const TENSOR = { dims: 1, type: 2, floats: 4, name: 8, raw: 9 }
const FLOAT = 1

interface Found {
  name: TensorName
  tensor: Uint8Array
}

/** Throws if no graph in the file holds the whole network; the message says what is missing. */
export function networkOf(file: Uint8Array): Network {
  const graph = messages(file, MODEL.graph)[0]
  if (graph === undefined) throw new Error('this is no ONNX model')
  const complaints: string[] = []
  for (const branch of graphsIn(graph)) {
    const found = tensorsIn(branch)
    const complaint = complaintOf(found)
    if (complaint === null) return Object.fromEntries(found.map(one => [one.name, floatsOf(one)])) as Network
    complaints.push(complaint)
  }
  throw new Error(`no graph is the 8 kHz network: ${complaints.join('; ')}`)
}

/** Lists the graph and all graphs in its nodes, the innermost first. */
function graphsIn(graph: Uint8Array): Uint8Array[] {
  const inner = messages(graph, GRAPH.node)
    .flatMap(node => messages(node, NODE.attribute))
    .flatMap(attribute => messages(attribute, ATTRIBUTE.graph))
  return [...inner.flatMap(graphsIn), graph]
}

/** Finds each constant of the graph, at any depth, whose name ends with one of ours. */
function tensorsIn(graph: Uint8Array): Found[] {
  const named = messages(graph, GRAPH.initializer).map(tensor => [text(tensor, TENSOR.name), tensor] as const)
  const nodes = messages(graph, GRAPH.node)
  for (const node of nodes.filter(one => text(one, NODE.type) === 'Constant')) {
    for (const attribute of messages(node, NODE.attribute)) {
      const tensor = messages(attribute, ATTRIBUTE.tensor)[0]
      if (tensor && text(attribute, ATTRIBUTE.name) === 'value') named.push([text(node, NODE.output), tensor])
    }
  }
  const own = named.flatMap(([name, tensor]) => {
    const known = TENSOR_NAMES.find(one => name === one || name.endsWith(`_${one}`) || name.endsWith(`.${one}`))
    return known === undefined ? [] : [{ name: known, tensor }]
  })
  const inner = nodes
    .flatMap(node => messages(node, NODE.attribute))
    .flatMap(attribute => messages(attribute, ATTRIBUTE.graph))
  return [...own, ...inner.flatMap(tensorsIn)]
}

function complaintOf(found: Found[]): string | null {
  for (const name of TENSOR_NAMES) {
    const all = found.filter(one => one.name === name)
    if (all.length !== 1) return `${all.length} of ${name}`
    const dims = numbers((all[0] as Found).tensor, TENSOR.dims)
    if (dims.join() !== SHAPES[name].join()) return `${name} is ${dims.join('×')}`
  }
  return null
}

function floatsOf({ name, tensor }: Found): Float32Array {
  const type = numbers(tensor, TENSOR.type)[0]
  if (type !== FLOAT) throw new Error(`${name} is of type ${type}, not float`)
  const bytes = messages(tensor, TENSOR.raw)[0] ?? messages(tensor, TENSOR.floats)[0] ?? new Uint8Array()
  if (bytes.length !== sizeOf(name) * 4) throw new Error(`${name} has ${bytes.length} bytes`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: sizeOf(name) }, (_, at) => view.getFloat32(at * 4, true))
}
