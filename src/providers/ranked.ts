/** Providers of one ability, best first, and which of them answered last. */
export class Ranked<P extends { readonly provider: string }> {
  readonly all: readonly P[]
  /** before anyone has answered: the best */
  last: P

  /** Throws `RangeError` when there is none. */
  constructor(all: readonly P[]) {
    const [best] = all
    if (best === undefined) throw new RangeError('a chain of no providers')
    this.all = all
    this.last = best
  }
}
