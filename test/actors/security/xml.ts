/** A whole document whose every character XML 1.0 allows. */
export const SAFE_XML = /^<\?xml [^>]*>[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u
