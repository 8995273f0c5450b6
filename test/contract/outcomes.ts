/** Waits for the results of a port. All suites share these functions. */
import { expect } from 'vitest'
import { ProviderFailure } from '../../src/providers/failure.ts'

export async function gather<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}

/** The failure that the work ends with; fails the test when it ends with none or with another error. */
export async function failureOf(work: Promise<unknown>): Promise<ProviderFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ProviderFailure)
  return error as ProviderFailure
}

/** Every way in which a provider refuses, with our name for it. */
export const REFUSALS = [
  [{ kind: 'status', status: 400 }, 'refused'],
  [{ kind: 'status', status: 401 }, 'unauthorised'],
  [{ kind: 'status', status: 429, headers: { 'Retry-After': '7' } }, 'throttled'],
  [{ kind: 'status', status: 503 }, 'unavailable'],
] as const
