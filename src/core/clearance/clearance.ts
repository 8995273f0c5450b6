/** May this person be called now? Hours are local to the called party (16 CFR 310.4(c): 8 to 21). */
export interface CallingHours {
  fromHour: number
  toHour: number
}
export const ALWAYS: CallingHours = { fromHour: 0, toHour: 24 }

export function hourAt(timeZone: string | null, at: number): number {
  try {
    const text = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      hourCycle: 'h23',
      timeZone: timeZone ?? 'UTC',
    }).format(at)
    return Number.parseInt(text, 10)
  } catch {
    // An unknown zone name is for the user to correct; until then it is treated as UTC.
    return new Date(at).getUTCHours()
  }
}

export function mayCallNow(timeZone: string | null, at: number, hours: CallingHours): boolean {
  if (hours.fromHour === 0 && hours.toHour === 24) return true
  const hour = hourAt(timeZone, at)
  return hour >= hours.fromHour && hour < hours.toHour
}
