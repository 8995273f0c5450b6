/** The seed's campaign page: with a number in its address it is that number, ready to be dialled; else the session. */
import { useSearch } from '@tanstack/react-router'
import { SessionScreen } from '../session/session-screen.tsx'
import { DialPad } from './dial-pad.tsx'

export function CampaignPage() {
  const { phone } = useSearch({ strict: false })
  return phone === undefined ? <SessionScreen /> : <DialPad />
}
