/** The shipping log for bare workerd, which has no D1: the entry for the sweep is written into nothing. */
import { LogActor as ShippedLog } from '../src/actors/log/actor.ts'

const NOWHERE = { prepare: () => ({ bind: () => ({ run: async () => ({}) }) }) } as unknown as D1Database

export class LogActor extends ShippedLog {
  constructor(ctx: DurableObjectState, env: ConstructorParameters<typeof ShippedLog>[1]) {
    super(ctx, { ...env, DB: NOWHERE })
  }
}
