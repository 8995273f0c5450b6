import type { Input, TextStep } from '../input.ts'
import type { Turn } from '../turn.ts'
import { receiveText } from './receive-text.ts'
import { sendText, textArrived, textSent } from './send-text.ts'
import { takeTextAnswer } from './text-answer.ts'

/** Handles texts that come from outside, and the steps that a text takes by itself. */

type TextInput = Extract<Input, { kind: `text.${string}` }>

export function takeTextInput(turn: Turn, input: TextInput): void {
  const { all } = turn.world.texts
  switch (input.kind) {
    case 'text.requested':
      sendText(turn, 'outbound-api', input.request)
      return
    case 'text.received':
      receiveText(turn, input.from, input.to, input.body, input.media)
      return
    case 'text.answered': {
      const text = all.get(input.textSid)
      if (text) takeTextAnswer(turn, text, input.token, input.outcome)
      return
    }
    case 'text.emptied': {
      const text = all.get(input.textSid)
      if (text) Object.assign(text, { body: '', updatedAt: turn.at })
      return
    }
    case 'text.forgotten':
      all.delete(input.textSid)
      return
  }
}

export function takeTextStep(turn: Turn, step: TextStep): void {
  const text = turn.world.texts.all.get(step.textSid)
  if (!text) return
  switch (step.kind) {
    case 'text.sent':
      return textSent(turn, text)
    case 'text.arrived':
      return textArrived(turn, text)
    case 'text.crossed':
      receiveText(turn, text.from, text.to, text.body, text.media)
      return
  }
}
