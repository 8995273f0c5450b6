/** @throws Error when the work has not ended by then; it goes on, and nobody waits for it. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(ms)
  const noAnswer = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => reject(new Error('no answer in time')))
  })
  return Promise.race([work, noAnswer])
}
