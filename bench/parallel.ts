/** Works through `items`, `atOnce` at a time. */
export async function inParallel<T>(items: T[], atOnce: number, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
