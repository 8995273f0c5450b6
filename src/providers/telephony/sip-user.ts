/** What stands before the `@` of a SIP address, which is what a phone has dialled. Empty: nothing does. */
export function sipUser(uri: string): string {
  const [, user = ''] = /^sips?:([^@;?]*)@/i.exec(uri) ?? []
  try {
    return decodeURIComponent(user)
  } catch {
    return user
  }
}
