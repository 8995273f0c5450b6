/** What one message, one phone and one domain may take. Whatever is more is refused; nothing grows without an end. */

/** Bytes of a message, head and body. What waits for an answer is one row with a refusal of each phone, and a row has 2 MB at most. */
export const MESSAGE_MAX_BYTES = 16_384
/** bytes of a header with its folded lines, and of the start line */
export const LINE_MAX_BYTES = 4_096
export const HEADERS_MAX = 100
export const VIAS_MAX = 8
/** characters of a Call-ID, a tag or a branch */
export const NAME_MAX = 256
/** CSeq numbers are smaller (RFC 3261, 8.1.1.5) */
export const CSEQ_END = 2 ** 31
export const MAX_FORWARDS_DEFAULT = 70

/** Seconds for which a binding holds: less is refused with 423, more is cut. */
export const EXPIRES_MIN = 60
export const EXPIRES_MAX = 3_600
export const BINDINGS_MAX = 10

/** A phone that says nothing about a request for so long is given up. */
export const SILENCE_MS = 30_000
/** A phone may ring for so long. */
export const RING_MS = 180_000
/** A side of a call may be without a connection for so long before the call is over. */
export const RETURN_MS = 30_000
/** A call is over after so long, whatever its phones say. */
export const CALL_MAX_MS = 12 * 3_600_000

/** Requests of one socket that wait for an answer, and of the whole domain. */
export const OPEN_OF_SOCKET_MAX = 32
export const OPEN_MAX = 4_000
export const DIALOGS_MAX = 4_000
/** Calls that one extension has begun. */
export const DIALOGS_OF_EXTENSION_MAX = 50

/** Lines of a ladder: of its beginning, and of its end. */
export const LADDER_FIRST = 60
export const LADDER_LAST = 60
