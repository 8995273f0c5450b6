/** The sessions of a campaign are rows: there is one for each agent, and three hundred agents are more than a small state holds. */
import type { Growing } from '../machine.ts'
import type { CampaignState, Session } from './state.ts'

export const campaignGrowing: Growing<CampaignState> = {
  rowsOf: ({ sessions }) => new Map(sessions.map(session => [session.deskId, session])),
  rest: state => ({ ...state, sessions: [] }),
  whole: (rest, rows) => (rows.size === 0 ? rest : { ...rest, sessions: [...rows.values()] as Session[] }),
}
