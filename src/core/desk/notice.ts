/** Words of a supervisor on an agent's screen, and the facts that bring and take them. `told.ts` has the rules. */
export type Forced = 'paused' | 'signed-out'
export interface DeskNotice {
  noticeId: string
  kind: 'message' | Forced
  text: string
  /** the name of whoever has said it */
  by: string
  at: number
}

export type ToldInput =
  | { type: 'message.left'; noticeId: string; text: string; by: string }
  | { type: 'agent.forced'; noticeId: string; to: Forced; text: string; by: string }
/** The agent has read it. */
export interface NoticeReadInput {
  type: 'notice.read'
  noticeId: string
}

export type ToldFact =
  | { type: 'message-left'; noticeId: string; personal: { text: string; by: string } }
  | { type: 'agent-forced'; noticeId: string; to: Forced; personal: { text: string; by: string } }
  | { type: 'notice-read'; noticeId: string }
