/** What a supervisor says to an agent at their desk: a message, a break, or the end of their sign-in. It stands on the screen until it is read. */
import { unreachable } from '../machine.ts'
import { runs } from './allowed.ts'
import type { Desk } from './decide.ts'
import type { DeskNotice, ToldFact, ToldInput } from './notice.ts'
import type { DeskFactOf, DeskState } from './state.ts'

/** More messages that nobody has read are not taken. A break or the end of a sign-in always is: it takes the place of the oldest message. */
export const NOTICES_MAX = 20

export function told(desk: Desk, input: ToldInput): void {
  const { at } = desk
  const { noticeId, text, by } = input
  const { notices = [], session } = desk.state
  if (notices.some(one => one.noticeId === noticeId)) return
  const personal = { text, by }
  if (input.type === 'message.left')
    return notices.length >= NOTICES_MAX ? undefined : desk.add({ type: 'message-left', at, noticeId, personal })
  desk.add({ type: 'agent-forced', at, noticeId, to: input.to, personal })
  // A conversation that goes on is not touched; after it nobody else comes.
  if (session !== null && runs(desk.state)) {
    const word = input.to === 'paused' ? ('pause' as const) : ('stop' as const)
    const { campaignId, lines } = session
    if (word === 'stop' || session.state !== 'paused') desk.add({ type: 'session-asked', at, word, campaignId, lines })
  }
  if (!desk.state.paused) desk.add({ type: 'presence-changed', at, paused: true, because: 'supervisor' })
}

export function noticeRead(desk: Desk, noticeId: string): void {
  if (desk.state.notices?.some(one => one.noticeId === noticeId))
    desk.add({ type: 'notice-read', at: desk.at, noticeId })
}

type AnyToldFact = Extract<DeskFactOf, ToldFact>
const OF_TOLD: Record<ToldFact['type'], true> = { 'message-left': true, 'agent-forced': true, 'notice-read': true }
export function isTold(fact: DeskFactOf): fact is AnyToldFact {
  return fact.type in OF_TOLD
}

export function withTold(state: DeskState, fact: AnyToldFact): DeskState {
  const { notices = [] } = state
  switch (fact.type) {
    case 'message-left':
    case 'agent-forced': {
      const { noticeId, at, personal } = fact
      const kind = fact.type === 'message-left' ? ('message' as const) : fact.to
      return { ...state, notices: [...roomIn(notices), { noticeId, kind, ...personal, at }] }
    }
    case 'notice-read':
      return { ...state, notices: notices.filter(one => one.noticeId !== fact.noticeId) }
    default:
      return unreachable(fact)
  }
}

/** Without the oldest message when there are as many as may be, or without the oldest of all when none is a message. */
function roomIn(notices: readonly DeskNotice[]): readonly DeskNotice[] {
  if (notices.length < NOTICES_MAX) return notices
  const gone = notices.find(one => one.kind === 'message') ?? notices[0]
  return notices.filter(one => one !== gone)
}
