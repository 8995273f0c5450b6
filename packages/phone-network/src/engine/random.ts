/** The only source of chance in the phone network. Same seed, same numbers, in the same order. */
export interface Random {
  /** 0 ≤ n < 1 */
  next(): number
  /** 0 ≤ n < `below`, whole */
  int(below: number): number
  hex(chars: number): string
}

/** 32-bit FNV-1a: a stable number for any text, used for seeds and for choosing a script by phone number. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** A xorshift128 generator whose four words are filled from the seed's text. */
export function seededRandom(seed: number | string): Random {
  const words = new Uint32Array([0, 1, 2, 3].map(part => hashOf(`${part}/${seed}`) || 1))
  const next32 = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = words
    let mixed = a ^ (a << 11)
    mixed ^= mixed >>> 8
    words.set([b, c, d, d ^ (d >>> 19) ^ mixed])
    return words[3] ?? 0
  }
  // The first words still look like the hash; a few rounds mix them.
  for (let i = 0; i < 16; i++) next32()
  const hex = (chars: number): string => {
    let text = ''
    while (text.length < chars) text += next32().toString(16).padStart(8, '0')
    return text.slice(0, chars)
  }
  return {
    next: () => next32() / 0x1_0000_0000,
    int: below => Math.floor((next32() / 0x1_0000_0000) * below),
    hex,
  }
}
