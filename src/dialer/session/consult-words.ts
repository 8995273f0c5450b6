/** Who hears whom while somebody is asked first, in words. `who`: whoever is asked; `person`: the person on the line. */
import type { Conversation } from '../../wire/desk.ts'

type Phase = NonNullable<NonNullable<Conversation['transfer']>['phase']>

/** As the agent who asks reads it. */
export function askingWords(phase: Phase, who: string, person: string): string {
  switch (phase) {
    case 'ringing':
      return `${who} is being rung. ${person} hears music.`
    case 'joining':
      return `${who} has said yes and is coming. ${person} hears music.`
    case 'asking':
      return `You speak with ${who}. ${person} hears music.`
    case 'swapped':
      return `You speak with ${person}. ${who} hears music.`
    case 'merged':
      return `You, ${who} and ${person} speak together.`
    case 'parting':
      return `${person} goes to ${who}.`
  }
}

/** As the colleague who is asked reads it. */
export function askedWords(phase: Phase, agent: string, person: string): string {
  switch (phase) {
    case 'ringing':
    case 'joining':
      return `Connecting you with ${agent}.`
    case 'asking':
      return `You speak with ${agent}. ${person} hears music.`
    case 'swapped':
      return `${agent} speaks with ${person}. You hear music.`
    case 'merged':
      return `You, ${agent} and ${person} speak together.`
    case 'parting':
      return `${person} comes to you.`
  }
}
