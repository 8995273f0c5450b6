import { expect, vi } from 'vitest'

/** Runs `body`, which must log this message; everything else that it logs is printed as ever. */
export async function logging(method: 'error' | 'warn', message: string, body: () => Promise<void>): Promise<void> {
  const print = console[method].bind(console)
  let times = 0
  const spy = vi.spyOn(console, method).mockImplementation((...words: unknown[]) => {
    if (String(words[0]).includes(`"message":"${message}"`)) times += 1
    else print(...words)
  })
  try {
    await body()
  } finally {
    spy.mockRestore()
  }
  expect(times, message).toBeGreaterThan(0)
}
