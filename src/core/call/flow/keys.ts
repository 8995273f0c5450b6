/** The variable of the keys that the caller pressed last. */
export const CALL_DIGITS = 'voipbin.call.digits'
/** So long a key may come after a sentence that a key may end, before the flow goes on. */
export const LATE_KEY_MS = 1_000
