/** The page that is being written: what the caller hears until somebody has to be asked. */
import { bytesOf } from '../../flow/flow.ts'
import type { Instruction } from '../../instruction/instruction.ts'
import { LATE_KEY_MS } from './keys.ts'
import type { Sound } from './run/runner.ts'
import { PAGE_BYTES_MAX, PAGE_INSTRUCTIONS_MAX } from './state.ts'

/** Instructions that leave the call unanswered. */
const QUIET: readonly Instruction['kind'][] = ['wait', 'continue', 'reject', 'transcribe']
/** The largest step still fits behind a page that counts as not full. */
const FULL_BYTES = PAGE_BYTES_MAX / 2

export class PageDraft {
  readonly instructions: Instruction[] = []
  /** sounds at the end that a key may end; whoever listens next takes them as its prompt */
  readonly prompt: Sound[] = []

  get empty(): boolean {
    return this.instructions.length === 0 && this.prompt.length === 0
  }
  get full(): boolean {
    const { instructions, prompt } = this
    const count = instructions.length + prompt.length
    return count >= PAGE_INSTRUCTIONS_MAX || bytesOf([instructions, prompt]) > FULL_BYTES
  }

  add(instructions: readonly Instruction[], bargeable: boolean): void {
    if (!bargeable) return void this.instructions.push(...instructions)
    for (const one of instructions) if (one.kind === 'say' || one.kind === 'play') this.prompt.push(one)
  }

  /** Takes the sounds that a key may end. */
  takePrompt(): Sound[] {
    return this.prompt.splice(0)
  }

  /** Nobody took the sounds that a key may end: a key that comes during them, or right after, is kept. */
  closePrompt(token: string): boolean {
    if (this.prompt.length === 0) return false
    const digits = { most: 1, endKey: null }
    const prompt = this.takePrompt()
    this.instructions.push({ kind: 'gather', digits, speech: null, untilMs: LATE_KEY_MS, token, prompt })
    return true
  }
}

/** Nothing is heard while the outside is waited for. */
export function isSilence(instructions: readonly Instruction[]): boolean {
  return instructions.length > 0 && instructions.every(({ kind }) => kind === 'wait' || kind === 'continue')
}

export function isQuiet(instructions: readonly Instruction[]): boolean {
  return instructions.every(({ kind }) => QUIET.includes(kind))
}
