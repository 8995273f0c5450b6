/** A room has no tables of its own; its migrations mend what older releases left in the shell's. */
import type { Schema } from '../shell/schema.ts'

export const ROOM_SCHEMA: Schema = {
  firstTable: 'facts',
  tables: '',
  migrations: [
    // After 0.1.0: the desk reads the room's facts by feed; debts that told it the same are not performed any more.
    "DELETE FROM outbox WHERE type IN ('tell-desk', 'tell-desk-leg');",
  ],
}
