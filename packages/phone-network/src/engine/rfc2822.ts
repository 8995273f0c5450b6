/** `Tue, 31 Aug 2010 20:36:28 +0000`: how Twilio writes dates in JSON and webhooks. */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace(/GMT$/, '+0000')
}
