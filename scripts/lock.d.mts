export const LOOK_MS: number
export function pause(ms: number): void
/** True: the lock is ours, until `letGo`. */
export function take(file: string): boolean
export function letGo(file: string): void
