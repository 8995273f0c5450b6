/** What a caller at a mask gets, as a callflow of 8x8. Written strictly: every parameter that has contradicting defaults in its documents is said. */
import type { Led } from '../../core/mask/mask.ts'
import type { EightAction } from '../../wire/eight-by-eight.ts'

/** `say` takes no more. */
const TEXT_CHARS_MAX = 3_000
const PIN = {
  prompt: 'Please enter your PIN, and then the hash key.',
  wrong: 'This PIN is not right. Please try again.',
}
const PIN_MS = 15_000

/** `number`: the mask's own, E.164; it is all that the other side sees. `voice`: a profile of 8x8. */
export function callflowOf(led: Led, number: string, voice: string): EightAction[] {
  switch (led.is) {
    case 'party':
    case 'owner': {
      const params = { source: digitsOf(number), destination: digitsOf(led.number) }
      const makeCall: EightAction = {
        action: 'makeCall',
        params: led.record ? { ...params, callRecording: true } : params,
      }
      return led.waitingMessage === '' ? [makeCall] : [say(led.waitingMessage, voice), makeCall]
    }
    case 'pin':
      return [capture(led.wrong ? `${PIN.wrong} ${PIN.prompt}` : PIN.prompt, voice)]
    case 'nobody':
      return [say(led.message, voice), { action: 'hangup' }]
  }
}

export function sorry(voice: string): EightAction[] {
  return [say('This call cannot be connected now. Goodbye.', voice), { action: 'hangup' }]
}

function say(text: string, voiceProfile: string): EightAction {
  return { action: 'say', params: { text: text.slice(0, TEXT_CHARS_MAX), voiceProfile, repetition: 1, speed: 1 } }
}

function capture(promptMessage: string, voiceProfile: string): EightAction {
  const limits = { minDigits: 6, maxDigits: 10, overallTimeout: PIN_MS, completeOnHash: true, noOfTries: 1 }
  return { action: 'sayAndCapture', params: { promptMessage, voiceProfile, speed: 1, ...limits } }
}

/** It writes numbers without their plus. */
function digitsOf(number: string): string {
  return number.replace(/\D/g, '')
}
