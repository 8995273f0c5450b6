/**
 * Plain numbers of the desk socket. They repeat constants of `src/wire/desk.ts`, because importing that module by value
 * would pull zod into the browser's first download; `limits.test.ts` fails if the two ever differ.
 */
export const DESK_PROTOCOL = 1
export const COMMAND_BYTES_MAX = 64 * 1024
export const NOTE_CHARS_MAX = 4000

/** The desk closes a socket with 512 KiB that are not acknowledged, so the page acknowledges long before that. */
export const ACK_EVERY_MESSAGES = 32
export const ACK_EVERY_BYTES = 64 * 1024
export const ACK_AFTER_MS = 1000

/** The most commands that may wait for their answer. With more, the server does not answer, so the next one is refused. */
export const PENDING_COMMANDS_MAX = 64
/** A command without an answer after this time has failed, and its socket counts as dead. */
export const ANSWER_TIMEOUT_MS = 10_000
export const RECONNECT_MIN_MS = 200
export const RECONNECT_MAX_MS = 5000
/** The most events that the event log page shows. */
export const FACTS_MAX = 100
export const NOTICES_MAX = 5
