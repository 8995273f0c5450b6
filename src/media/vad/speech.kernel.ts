/**
 * The Silero VAD network (8 kHz branch) as a WebAssembly SIMD kernel. This file is AssemblyScript, not TypeScript; `npm run
 * vad:build` makes speech.wasm of it. test/vad/reference.ts is the same network in readable form and decides what is right.
 *
 * One chunk is 256 new samples after 32 old ones. Nothing is allocated: all addresses are fixed, and the host grows the
 * memory for its slots. A vector holds four numbers: the four frames of the spectrum, and later four output channels.
 * The weights come in the order in which they are read (scripts/vad/kernel-order.ts). Relaxed SIMD is not used, because its
 * results depend on the processor.
 */

const CHUNK: i32 = 256
const CONTEXT: i32 = 32
const BINS: i32 = 65
const UNITS: i32 = 128

// ── Addresses in memory, in bytes ──────────────────────────────────────────────────────────────────────────────────
/** Here stand the µ-law bytes of the frame that `push` reads. */
export const INPUT: i32 = 1024
/** The most bytes that one `push` takes, so that it never completes two chunks. */
export const INPUT_BYTES: i32 = 256

/** The host fills these tables once: µ-law 256, window 128, twiddles of 64 (re, im), twiddles of 128 (re, im) for 0…32. */
export const TABLES: i32 = 2048
const WINDOW: i32 = TABLES + 256 * 4
const TWIDDLE: i32 = WINDOW + 128 * 4
const UNTANGLE: i32 = TWIDDLE + 128 * 4

const FFT: i32 = 8192
const SPECTRUM: i32 = FFT + 64 * 32
const FIRST: i32 = SPECTRUM + 1056
const SECOND: i32 = FIRST + 4 * 128 * 4
const THIRD: i32 = SECOND + 2 * 64 * 4
const MEMORY_IN: i32 = THIRD + 64 * 4 // what the LSTM reads: 128 of the last layer, 128 of its own output

export const WEIGHTS: i32 = 32768
const BIAS1: i32 = WEIGHTS
const CONV1: i32 = BIAS1 + 128 * 4
const BIAS2: i32 = CONV1 + 128 * BINS * 3 * 4
const CONV2: i32 = BIAS2 + 64 * 4
const BIAS3: i32 = CONV2 + 64 * 128 * 3 * 4
const CONV3: i32 = BIAS3 + 64 * 4
const BIAS4: i32 = CONV3 + 64 * 64 * 2 * 4
const CONV4: i32 = BIAS4 + 128 * 4
const LSTM_BIAS: i32 = CONV4 + 128 * 64 * 4
const LSTM: i32 = LSTM_BIAS + 512 * 4
const OUT: i32 = LSTM + 512 * 256 * 4
export const WEIGHTS_BYTES: i32 = OUT + 129 * 4 + 12 - WEIGHTS

/** A slot holds context, chunk and reflected end (320 numbers), output and cell of the LSTM, and the count of samples in the chunk. */
export const SLOTS: i32 = WEIGHTS + WEIGHTS_BYTES
export const SLOT_BYTES: i32 = 320 * 4 + 2 * UNITS * 4 + 16
const OUTPUT_AT: i32 = 320 * 4
const CELL_AT: i32 = OUTPUT_AT + UNITS * 4
const FILLED_AT: i32 = CELL_AT + UNITS * 4

/** Takes `count` (≤ 256) µ-law bytes from INPUT for this slot. Returns the probability of speech if a chunk is full, else −1. */
export function push(slot: i32, count: i32): f32 {
  let filled: i32 = load<i32>(slot, FILLED_AT)
  let answer: f32 = -1
  for (let at: i32 = 0; at < count; at++) {
    const sample: f32 = load<f32>(TABLES + ((<i32>load<u8>(INPUT + at)) << 2))
    store<f32>(slot + ((CONTEXT + filled) << 2), sample)
    filled++
    if (filled === CHUNK) {
      answer = run(slot)
      filled = 0
    }
  }
  store<i32>(slot, filled, FILLED_AT)
  return answer
}

function run(slot: i32): f32 {
  for (let at: i32 = 0; at < CONTEXT; at++) {
    store<f32>(slot + ((CONTEXT + CHUNK + at) << 2), load<f32>(slot + ((CONTEXT + CHUNK - 2 - at) << 2)))
  }
  window(slot)
  transform()
  magnitudes()
  conv1()
  conv2()
  conv3()
  conv4()
  memory.copy(MEMORY_IN + UNITS * 4, slot + OUTPUT_AT, UNITS * 4)
  lstm(slot)
  memory.copy(slot, slot + (CHUNK << 2), CONTEXT << 2)
  return out(slot)
}

// ── Spectrum: 128 real samples as 64 complex ones, radix 4, four frames at once ─────────────────────────────────────

/** Transposes four frames, 64 samples apart, into lanes and weights them. Even samples are real parts, odd ones imaginary. */
function window(slot: i32): void {
  for (let at: i32 = 0; at < 128; at += 4) {
    const from: i32 = slot + (at << 2)
    const a = v128.load(from)
    const b = v128.load(from, 256)
    const c = v128.load(from, 512)
    const d = v128.load(from, 768)
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    const weight: i32 = WINDOW + (at << 2)
    const to: i32 = FFT + (at << 4)
    v128.store(to, f32x4.mul(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.load_splat<f32>(weight)))
    v128.store(to, f32x4.mul(v128.shuffle<f32>(ab, cd, 2, 3, 6, 7), v128.load_splat<f32>(weight, 4)), 16)
    v128.store(to, f32x4.mul(v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), v128.load_splat<f32>(weight, 8)), 32)
    v128.store(to, f32x4.mul(v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), v128.load_splat<f32>(weight, 12)), 48)
  }
}

function transform(): void {
  for (let j: i32 = 0; j < 16; j++) butterfly(FFT + (j << 5), 16 << 5, j)
  for (let block: i32 = 0; block < 64; block += 16) {
    for (let j: i32 = 0; j < 4; j++) butterfly(FFT + ((block + j) << 5), 4 << 5, j << 2)
  }
  for (let block: i32 = 0; block < 64; block += 4) butterfly(FFT + (block << 5), 1 << 5, 0)
}

/** A butterfly of radix 4, decimation in frequency. The result stands in the order of reversed base-4 digits. */
function butterfly(at: i32, step: i32, turn: i32): void {
  const atB: i32 = at + step
  const atC: i32 = atB + step
  const atD: i32 = atC + step
  const sumRe = f32x4.add(v128.load(at), v128.load(atC))
  const sumIm = f32x4.add(v128.load(at, 16), v128.load(atC, 16))
  const difRe = f32x4.sub(v128.load(at), v128.load(atC))
  const difIm = f32x4.sub(v128.load(at, 16), v128.load(atC, 16))
  const oddRe = f32x4.add(v128.load(atB), v128.load(atD))
  const oddIm = f32x4.add(v128.load(atB, 16), v128.load(atD, 16))
  // −i times the difference
  const crossRe = f32x4.sub(v128.load(atB, 16), v128.load(atD, 16))
  const crossIm = f32x4.sub(v128.load(atD), v128.load(atB))
  v128.store(at, f32x4.add(sumRe, oddRe))
  v128.store(at, f32x4.add(sumIm, oddIm), 16)
  turned(atB, f32x4.add(difRe, crossRe), f32x4.add(difIm, crossIm), turn)
  turned(atC, f32x4.sub(sumRe, oddRe), f32x4.sub(sumIm, oddIm), turn << 1)
  turned(atD, f32x4.sub(difRe, crossRe), f32x4.sub(difIm, crossIm), turn * 3)
}

function turned(at: i32, re: v128, im: v128, turn: i32): void {
  const c = v128.load_splat<f32>(TWIDDLE + (turn << 3))
  const s = v128.load_splat<f32>(TWIDDLE + (turn << 3), 4)
  v128.store(at, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)))
  v128.store(at, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16)
}

/** Computes the spectrum of the real samples from that of the pairs; bins k and 64 − k come from the same two numbers. */
function magnitudes(): void {
  const re = v128.load(FFT)
  const im = v128.load(FFT, 16)
  v128.store(SPECTRUM, f32x4.abs(f32x4.add(re, im)))
  v128.store(SPECTRUM + 64 * 16, f32x4.abs(f32x4.sub(re, im)))
  const half = f32x4.splat(0.5)
  for (let k: i32 = 1; k <= 32; k++) {
    const one: i32 = FFT + (reversed(k) << 5)
    const other: i32 = FFT + (reversed(64 - k) << 5)
    const evenRe = f32x4.mul(f32x4.add(v128.load(one), v128.load(other)), half)
    const evenIm = f32x4.mul(f32x4.sub(v128.load(one, 16), v128.load(other, 16)), half)
    const oddRe = f32x4.mul(f32x4.add(v128.load(one, 16), v128.load(other, 16)), half)
    const oddIm = f32x4.mul(f32x4.sub(v128.load(other), v128.load(one)), half)
    const c = v128.load_splat<f32>(UNTANGLE + (k << 3))
    const s = v128.load_splat<f32>(UNTANGLE + (k << 3), 4)
    const turnRe = f32x4.sub(f32x4.mul(oddRe, c), f32x4.mul(oddIm, s))
    const turnIm = f32x4.add(f32x4.mul(oddRe, s), f32x4.mul(oddIm, c))
    v128.store(SPECTRUM + (k << 4), length(f32x4.add(evenRe, turnRe), f32x4.add(evenIm, turnIm)))
    v128.store(SPECTRUM + ((64 - k) << 4), length(f32x4.sub(evenRe, turnRe), f32x4.sub(evenIm, turnIm)))
  }
}

function reversed(k: i32): i32 {
  return ((k & 3) << 4) | (k & 12) | (k >> 4)
}

function length(re: v128, im: v128): v128 {
  return f32x4.sqrt(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)))
}

// ── Convolutions: a vector is four output channels ──────────────────────────────────────────────────────────────────

function mac(sum: v128, weight: v128, x: v128): v128 {
  return f32x4.add(sum, f32x4.mul(weight, x))
}

function positive(x: v128): v128 {
  return f32x4.max(x, f32x4.splat(0))
}

/** 65 bins × 4 times → 128 channels × 4 times, three taps; eight channels in a pass. */
function conv1(): void {
  let w: i32 = CONV1
  for (let block: i32 = 0; block < 16; block++) {
    let a0 = v128.load(BIAS1 + (block << 5))
    let b0 = v128.load(BIAS1 + (block << 5), 16)
    let a1 = a0
    let b1 = b0
    let a2 = a0
    let b2 = b0
    let a3 = a0
    let b3 = b0
    for (let x: i32 = SPECTRUM; x < SPECTRUM + BINS * 16; x += 16) {
      const x0 = v128.load_splat<f32>(x)
      const x1 = v128.load_splat<f32>(x, 4)
      const x2 = v128.load_splat<f32>(x, 8)
      const x3 = v128.load_splat<f32>(x, 12)
      a0 = mac(mac(a0, v128.load(w, 32), x0), v128.load(w, 64), x1)
      b0 = mac(mac(b0, v128.load(w, 48), x0), v128.load(w, 80), x1)
      a1 = mac(mac(mac(a1, v128.load(w), x0), v128.load(w, 32), x1), v128.load(w, 64), x2)
      b1 = mac(mac(mac(b1, v128.load(w, 16), x0), v128.load(w, 48), x1), v128.load(w, 80), x2)
      a2 = mac(mac(mac(a2, v128.load(w), x1), v128.load(w, 32), x2), v128.load(w, 64), x3)
      b2 = mac(mac(mac(b2, v128.load(w, 16), x1), v128.load(w, 48), x2), v128.load(w, 80), x3)
      a3 = mac(mac(a3, v128.load(w), x2), v128.load(w, 32), x3)
      b3 = mac(mac(b3, v128.load(w, 16), x2), v128.load(w, 48), x3)
      w += 96
    }
    const to: i32 = FIRST + (block << 5)
    v128.store(to, positive(a0))
    v128.store(to, positive(b0), 16)
    v128.store(to, positive(a1), 512)
    v128.store(to, positive(b1), 528)
    v128.store(to, positive(a2), 1024)
    v128.store(to, positive(b2), 1040)
    v128.store(to, positive(a3), 1536)
    v128.store(to, positive(b3), 1552)
  }
}

/** 128 channels × 4 times → 64 × 2 (stride 2): the first sees times −, 0, 1, the second 1, 2, 3; sixteen channels in a pass. */
function conv2(): void {
  let w: i32 = CONV2
  for (let block: i32 = 0; block < 4; block++) {
    const bias: i32 = BIAS2 + (block << 6)
    let a0 = v128.load(bias)
    let b0 = v128.load(bias, 16)
    let c0 = v128.load(bias, 32)
    let d0 = v128.load(bias, 48)
    let a1 = a0
    let b1 = b0
    let c1 = c0
    let d1 = d0
    for (let x: i32 = FIRST; x < FIRST + 128 * 4; x += 4) {
      const x0 = v128.load_splat<f32>(x)
      const x1 = v128.load_splat<f32>(x, 512)
      const x2 = v128.load_splat<f32>(x, 1024)
      const x3 = v128.load_splat<f32>(x, 1536)
      a1 = mac(mac(mac(a1, v128.load(w), x1), v128.load(w, 64), x2), v128.load(w, 128), x3)
      b1 = mac(mac(mac(b1, v128.load(w, 16), x1), v128.load(w, 80), x2), v128.load(w, 144), x3)
      c1 = mac(mac(mac(c1, v128.load(w, 32), x1), v128.load(w, 96), x2), v128.load(w, 160), x3)
      d1 = mac(mac(mac(d1, v128.load(w, 48), x1), v128.load(w, 112), x2), v128.load(w, 176), x3)
      a0 = mac(mac(a0, v128.load(w, 64), x0), v128.load(w, 128), x1)
      b0 = mac(mac(b0, v128.load(w, 80), x0), v128.load(w, 144), x1)
      c0 = mac(mac(c0, v128.load(w, 96), x0), v128.load(w, 160), x1)
      d0 = mac(mac(d0, v128.load(w, 112), x0), v128.load(w, 176), x1)
      w += 192
    }
    const to: i32 = SECOND + (block << 6)
    v128.store(to, positive(a0))
    v128.store(to, positive(b0), 16)
    v128.store(to, positive(c0), 32)
    v128.store(to, positive(d0), 48)
    v128.store(to, positive(a1), 256)
    v128.store(to, positive(b1), 272)
    v128.store(to, positive(c1), 288)
    v128.store(to, positive(d1), 304)
  }
}

// The last two convolutions and the LSTM keep eight running sums of 32 rows that read the same numbers.
let s0: v128 = f32x4.splat(0)
let s1: v128 = f32x4.splat(0)
let s2: v128 = f32x4.splat(0)
let s3: v128 = f32x4.splat(0)
let s4: v128 = f32x4.splat(0)
let s5: v128 = f32x4.splat(0)
let s6: v128 = f32x4.splat(0)
let s7: v128 = f32x4.splat(0)

/** Starts from the bias, then adds `count` numbers times 32 weights each. Returns where the weights go on. */
function rows32(bias: i32, weights: i32, numbers: i32, count: i32): i32 {
  let a = v128.load(bias)
  let b = v128.load(bias, 16)
  let c = v128.load(bias, 32)
  let d = v128.load(bias, 48)
  let e = v128.load(bias, 64)
  let f = v128.load(bias, 80)
  let g = v128.load(bias, 96)
  let h = v128.load(bias, 112)
  let w: i32 = weights
  const end: i32 = numbers + (count << 2)
  for (let x: i32 = numbers; x < end; x += 4) {
    const value = v128.load_splat<f32>(x)
    a = mac(a, v128.load(w), value)
    b = mac(b, v128.load(w, 16), value)
    c = mac(c, v128.load(w, 32), value)
    d = mac(d, v128.load(w, 48), value)
    e = mac(e, v128.load(w, 64), value)
    f = mac(f, v128.load(w, 80), value)
    g = mac(g, v128.load(w, 96), value)
    h = mac(h, v128.load(w, 112), value)
    w += 128
  }
  s0 = a
  s1 = b
  s2 = c
  s3 = d
  s4 = e
  s5 = f
  s6 = g
  s7 = h
  return w
}

function storeRows(to: i32): void {
  v128.store(to, positive(s0))
  v128.store(to, positive(s1), 16)
  v128.store(to, positive(s2), 32)
  v128.store(to, positive(s3), 48)
  v128.store(to, positive(s4), 64)
  v128.store(to, positive(s5), 80)
  v128.store(to, positive(s6), 96)
  v128.store(to, positive(s7), 112)
}

/** 64 × 2 → 64 × 1 (stride 2). The first tap only ever sees padding. SECOND holds time 0, then time 1: 128 numbers. */
function conv3(): void {
  let w: i32 = CONV3
  for (let block: i32 = 0; block < 2; block++) {
    w = rows32(BIAS3 + (block << 7), w, SECOND, 128)
    storeRows(THIRD + (block << 7))
  }
}

/** 64 × 1 → 128 × 1. The outer taps only ever see padding. */
function conv4(): void {
  let w: i32 = CONV4
  for (let block: i32 = 0; block < 4; block++) {
    w = rows32(BIAS4 + (block << 7), w, THIRD, 64)
    storeRows(MEMORY_IN + (block << 7))
  }
}

// ── LSTM and output ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A block is the gates i, f, g, o of eight units, which are finished before the next block begins. */
function lstm(slot: i32): void {
  let w: i32 = LSTM
  for (let block: i32 = 0; block < 16; block++) {
    w = rows32(LSTM_BIAS + (block << 7), w, MEMORY_IN, 256)
    const at: i32 = slot + (block << 5)
    unit(at, s0, s2, s4, s6)
    unit(at + 16, s1, s3, s5, s7)
  }
}

function unit(at: i32, i: v128, f: v128, g: v128, o: v128): void {
  const kept = f32x4.mul(sigmoid(f), v128.load(at, CELL_AT))
  const cell = f32x4.add(kept, f32x4.mul(sigmoid(i), tanh(g)))
  v128.store(at, cell, CELL_AT)
  v128.store(at, f32x4.mul(sigmoid(o), tanh(cell)), OUTPUT_AT)
}

function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))))
}

function tanh(x: v128): v128 {
  const s = sigmoid(f32x4.add(x, x))
  return f32x4.sub(f32x4.add(s, s), f32x4.splat(1))
}

/** e^x = 2^n · e^r with |r| ≤ ln 2 / 2 and a Taylor series to r^7; the relative error is under 2e-7. ln 2 stands in two parts, so that n·ln 2 is exact. */
function exp(value: v128): v128 {
  const x = f32x4.min(f32x4.max(value, f32x4.splat(-87)), f32x4.splat(88))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(<f32>Math.LOG2E)))
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  const r = f32x4.sub(high, f32x4.mul(n, f32x4.splat(-0.00021219444)))
  let p = f32x4.splat(1.0 / 5040.0)
  p = mac(f32x4.splat(1.0 / 720.0), p, r)
  p = mac(f32x4.splat(1.0 / 120.0), p, r)
  p = mac(f32x4.splat(1.0 / 24.0), p, r)
  p = mac(f32x4.splat(1.0 / 6.0), p, r)
  p = mac(f32x4.splat(0.5), p, r)
  p = mac(f32x4.splat(1), p, r)
  p = mac(f32x4.splat(1), p, r)
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23)
  return f32x4.mul(p, power)
}

function out(slot: i32): f32 {
  let sum = f32x4.splat(0)
  for (let at: i32 = 0; at < UNITS * 4; at += 16) {
    sum = mac(sum, v128.load(OUT + at), positive(v128.load(slot + at, OUTPUT_AT)))
  }
  const pairs = f32x4.add(sum, v128.shuffle<f32>(sum, sum, 2, 3, 0, 1))
  const all = f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2))
  return f32x4.extract_lane(sigmoid(f32x4.add(all, v128.load_splat<f32>(OUT, UNITS * 4))), 0)
}
