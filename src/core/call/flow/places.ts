/** Places in the frames of a running flow. */
import { type Action, FINISH_ID, NEXT_ID } from '../../flow/flow.ts'
import type { LiveFlow, Place } from './state.ts'

/** The step that a frame is at, if it has begun. */
export function actionAt({ frames, programs }: LiveFlow, depth: number): Action | null {
  const frame = frames[depth]
  return frame?.inside == null ? null : (programs[depth]?.[frame.at] ?? null)
}

/** Where an id leads: it is looked for in the stack at hand, then in those below it (reference A1). Null: nowhere. */
export function placeOf(flow: LiveFlow, id: string, from: number): Place | null {
  const top = flow.frames.length - 1
  if (id === NEXT_ID) return { depth: top, at: from + 1 }
  if (id === FINISH_ID) return { depth: 0, at: flow.programs[0]?.length ?? 0 }
  for (let depth = top; depth >= 0; depth -= 1) {
    const at = flow.programs[depth]?.findIndex(action => action.id === id) ?? -1
    if (at >= 0) return { depth, at }
  }
  return null
}

/** A frame that repeats begins anew at its end. */
export function wrapped({ frames, programs }: LiveFlow, { depth, at }: Place): Place {
  return frames[depth]?.repeats && at >= (programs[depth]?.length ?? 0) ? { depth, at: 0 } : { depth, at }
}
