/** Secrets that are shown once: random text, and its hash, which is all that is stored. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Bytes that would make some letters likelier than others are thrown away. */
export function randomText(chars: number): string {
  const even = 256 - (256 % ALPHABET.length)
  let text = ''
  while (text.length < chars)
    for (const byte of crypto.getRandomValues(new Uint8Array(chars)))
      if (byte < even && text.length < chars) text += ALPHABET[byte % ALPHABET.length]
  return text
}

/** As hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...hash].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
