/**
 * Does it for each, some of them at once. What fails for one is done for the others all the same, and the first failure is thrown at
 * the end, so that whoever asked learns of it and may ask again.
 */
export async function forEach<T>(items: readonly T[], atOnce: number, what: (item: T) => Promise<void>): Promise<void> {
  // All workers draw from one iterator.
  const queue = items.values()
  const failures: unknown[] = []
  const worker = async () => {
    for (const item of queue) await what(item).catch((error: unknown) => void failures.push(error))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}
