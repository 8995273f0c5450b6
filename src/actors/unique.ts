/** Random text for ids: 80 bits as 20 hexadecimal digits. */
export function unique(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 20)
}

/** An id inside a workspace's own tables (`p_` a contact, `t_` a transfer, `ai_` an AI agent). */
export function uniqueWith(prefix: string): string {
  return `${prefix}${unique()}`
}
