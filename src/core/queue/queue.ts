/** The queue: who waits, who is offered to whom, who talks. It never has two offers for one caller or for one agent. */
import type { RecordedMachine } from '../about.ts'
import { earliest, type OldFact } from '../machine.ts'
import { queueAbout } from './about.ts'
import { decide, waitWatch } from './decide.ts'
import { EMPTY_QUEUE, evolve } from './evolve.ts'
import { queueGrowing } from './growing.ts'
import { react } from './react.ts'
import type { Entry, QueueEffect, QueueFact, QueueInput, QueueSettings, QueueState } from './state.ts'

export const queue: RecordedMachine<QueueState, QueueInput, QueueFact, QueueEffect> = {
  name: 'queue',
  version: 1,
  initial: EMPTY_QUEUE,
  decide,
  evolve,
  react,
  deadline: ({ entries, settings }) => earliest(Object.values(entries).map(entry => deadlineOf(entry, settings))),
  // No release has written such facts otherwise.
  upcast: (fact: OldFact) => fact as unknown as QueueFact,
  about: queueAbout,
  growing: queueGrowing,
}

/** A watch stands on every stage, so nobody is forgotten. */
function deadlineOf(entry: Entry, settings: QueueSettings | null): number | null {
  const { stage, callId, enteredMs, saidMs, refusedBy } = entry
  switch (stage.is) {
    case 'talking':
      return stage.watchMs
    case 'resting':
    case 'ringing':
      return stage.untilMs
    case 'waiting':
    case 'offered': {
      const lapses = earliest(Object.values(refusedBy))
      const offer = stage.is === 'offered' ? stage.untilMs : null
      if (settings === null || callId === null || stage.is === 'offered') return earliest([offer, lapses])
      const limit = settings.waitLimitMs > 0 ? enteredMs + settings.waitLimitMs : null
      const announced = settings.announceMs > 0 ? saidMs + settings.announceMs : null
      return earliest([lapses, limit, announced, waitWatch(entry)])
    }
  }
}
