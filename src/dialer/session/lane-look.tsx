/** The icon of each look; colour and edge stand in the CSS. Never colour alone (WCAG 2.2, 1.4.1). */
import {
  IconAlertTriangle,
  IconClock,
  IconPhoneCalling,
  IconPhoneOutgoing,
  IconRobot,
  IconUserCheck,
} from '@tabler/icons-react'
import type { LaneLook } from '../desk/words.ts'

const ICONS = {
  queued: IconClock,
  dialing: IconPhoneOutgoing,
  ringing: IconPhoneCalling,
  live: IconUserCheck,
  machine: IconRobot,
  ended: IconAlertTriangle,
}

export function LookIcon({ look, size = 18 }: { look: LaneLook; size?: number }) {
  const Icon = ICONS[look]
  return <Icon size={size} aria-hidden />
}
