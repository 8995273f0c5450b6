/** The first 16 bytes of HMAC-SHA256 in hex: proves that an address or a token was made by us. */
export async function macOf(secret: string, text: string): Promise<string> {
  const raw = new TextEncoder().encode(secret || 'none')
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)))
  return [...mac.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
