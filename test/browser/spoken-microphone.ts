/// <reference types="node" />
/**
 * A microphone that a test speaks into. Chromium's own fake one plays a file by the clock from the moment it is opened,
 * so a sentence would come whatever the other side does; here the test waits for a condition, then speaks.
 */
import type { BrowserContext, Page } from '@playwright/test'
import { decode } from '../../packages/phone-network/src/media/mulaw.ts'
import { SpokenVoices } from '../../packages/phone-network/src/media/voices.ts'

declare global {
  interface Window {
    /** ends when the sound has been played; `samples`: 16 bits, 8 kHz, base64 */
    speakIntoMicrophone?: (samples: string) => Promise<void>
  }
}

export class SpokenMicrophone {
  readonly #voices = new SpokenVoices(1)

  /** Before the page is opened. */
  async plugInto(context: BrowserContext): Promise<void> {
    await context.addInitScript(installMicrophone)
  }

  /** Ends when the last word has been said. */
  async say(page: Page, text: string): Promise<void> {
    const clip = await this.#voices.say(text, 'man')
    const samples = Buffer.from(decode(clip).buffer).toString('base64')
    await page.evaluate(sound => window.speakIntoMicrophone?.(sound), samples)
  }

  close(): void {
    this.#voices.close()
  }
}

/** Runs in the page. */
function installMicrophone(): void {
  let mouth: GainNode | null = null
  const open = () => {
    mouth ??= new AudioContext().createGain()
    return mouth
  }
  navigator.mediaDevices.getUserMedia = async () => {
    const ear = (open().context as AudioContext).createMediaStreamDestination()
    open().connect(ear)
    return ear.stream
  }
  window.speakIntoMicrophone = async samples => {
    const bytes = Uint8Array.from(atob(samples), letter => letter.charCodeAt(0))
    const numbers = new Int16Array(bytes.buffer)
    const sound = new AudioBuffer({ length: numbers.length, sampleRate: 8000 })
    sound.copyToChannel(
      Float32Array.from(numbers, number => number / 32_768),
      0,
    )
    const source = new AudioBufferSourceNode(open().context, { buffer: sound })
    source.connect(open())
    await new Promise<void>(resolve => {
      source.onended = () => resolve()
      source.start()
    })
  }
}
