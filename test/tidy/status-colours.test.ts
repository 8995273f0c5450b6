/**
 * The six status colours are computed, not judged by eye: contrast on both grounds (WCAG 2.2), and pairwise distance as
 * people with each kind of colour blindness see them (Machado, Oliveira, Fernandes 2009, severity 1; OKLab by Ottosson).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const css = readFileSync(join(import.meta.dirname, '../../src/dialer/look/tokens.css'), 'utf8')

const STATUS = ['queued', 'dialing', 'ringing', 'live', 'machine', 'ended']
const CONTRAST_MIN = 4.5
const DISTANCE_MIN = 7

type Triple = [number, number, number]
type Matrix = [Triple, Triple, Triple]

const VISION: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
}

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  return matrix.map(([a, b, c]) => a * x + b * y + c * z) as Triple
}

function linear(hex: string): Triple {
  return [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as Triple
}

function luminance(hex: string): number {
  const [r, g, b] = linear(hex)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function oklab(rgb: Triple): Triple {
  const clamped = rgb.map(value => Math.min(1, Math.max(0, value))) as Triple
  const cone = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    clamped,
  ).map(Math.cbrt) as Triple
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cone,
  )
}

function distance(one: string, other: string, vision: Matrix): number {
  const a = oklab(times(vision, linear(one)))
  const b = oklab(times(vision, linear(other)))
  return 100 * Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

/** `--tl-name: #rrggbb` of one theme, read from the very file that the page uses. */
function themeOf(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--tl-([a-z-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, hex]) => [name, hex]),
  )
}

const [lightBlock = '', darkBlock = ''] = css.split(':root[data-mantine-color-scheme')
const light = themeOf(lightBlock)
const dark = { ...light, ...themeOf(darkBlock) }

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, theme) => {
  const of = (name: string) => {
    const hex = theme[name]
    if (hex === undefined) throw new Error(`tokens.css has no --tl-${name}`)
    return hex
  }

  test.each([...STATUS, 'ink', 'muted', 'accent', 'danger-ink'])('%s can be read on both grounds', name => {
    for (const ground of ['bg', 'surface']) {
      expect(contrast(of(name), of(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN)
    }
  })

  test('white can be read on the filled buttons', () => {
    for (const fill of ['accent-fill', 'accent-fill-hover', 'danger-fill', 'danger-fill-hover']) {
      expect(contrast('#ffffff', of(fill)), fill).toBeGreaterThanOrEqual(CONTRAST_MIN)
    }
  })

  test.each(Object.entries(VISION))('all pairs stay apart under %s vision', (_name, vision) => {
    for (const [i, one] of STATUS.entries()) {
      for (const other of STATUS.slice(i + 1)) {
        expect(distance(of(one), of(other), vision), `${one}–${other}`).toBeGreaterThanOrEqual(DISTANCE_MIN)
      }
    }
  })
})
