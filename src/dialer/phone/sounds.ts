/**
 * The dialer's own sounds. The SDK would fetch 15 files from its vendor (measured: a ring comes 2 s late when that
 * host cannot be reached), so each of its names points at ours.
 */
export type Cue = 'connect' | 'hang-up' | 'hold' | 'check'

const FILE = (name: string) => `/sounds/${name}.wav`
const RING_VOLUME = 0.8

/** The value of the `Device` option `sounds`, with every name that the SDK knows. */
export function sdkSounds(): Record<string, string> {
  const sounds: Record<string, string> = {
    // We play the ring ourselves, because the SDK plays none while another call (the open line) is on.
    incoming: FILE('silent'),
    outgoing: FILE('silent'),
    disconnect: FILE('silent'),
    dtmfs: FILE('dtmf-s'),
    dtmfh: FILE('dtmf-h'),
  }
  for (let digit = 0; digit <= 9; digit += 1) sounds[`dtmf${digit}`] = FILE(`dtmf-${digit}`)
  return sounds
}

/** Plays cues and the ring with plain audio elements. If the browser refuses (no click yet), nothing is heard. */
export class SoundBox {
  readonly #cues = new Map<Cue, HTMLAudioElement>()
  #ring: HTMLAudioElement | null = null
  #enabled = true
  #outputId = 'default'

  setEnabled(enabled: boolean): void {
    this.#enabled = enabled
    if (!enabled) this.stopRing()
  }

  setOutput(deviceId: string): void {
    this.#outputId = deviceId
    for (const element of [...this.#cues.values(), this.#ring]) if (element !== null) route(element, deviceId)
  }

  play(cue: Cue): void {
    if (!this.#enabled && cue !== 'check') return
    let element = this.#cues.get(cue)
    if (element === undefined) {
      element = this.#make(cue)
      this.#cues.set(cue, element)
    }
    element.currentTime = 0
    void element.play().catch(() => undefined)
  }

  startRing(): void {
    if (!this.#enabled || this.#ring !== null) return
    this.#ring = this.#make('ring')
    this.#ring.loop = true
    this.#ring.volume = RING_VOLUME
    void this.#ring.play().catch(() => undefined)
  }

  stopRing(): void {
    this.#ring?.pause()
    this.#ring = null
  }

  #make(name: string): HTMLAudioElement {
    const element = new Audio(FILE(name))
    element.preload = 'auto'
    route(element, this.#outputId)
    return element
  }
}

function route(element: HTMLAudioElement, deviceId: string): void {
  if ('setSinkId' in element) void element.setSinkId(deviceId === 'default' ? '' : deviceId).catch(() => undefined)
}
