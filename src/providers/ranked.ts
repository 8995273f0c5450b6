/** Providers of one ability, best first, and which of them answered last. */
export class Ranked<P extends { readonly provider: string }> {
  readonly all: readonly P[]
  /** the provider that answered last; before any answer, the best one */
  last: P

  /** Throws `RangeError` if `all` is empty. */
  constructor(all: readonly P[]) {
    const [best] = all
    if (best === undefined) throw new RangeError('a chain of no providers')
    this.all = all
    this.last = best
  }
}
