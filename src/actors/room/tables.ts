/** A room has no tables of its own; its migrations repair what older releases left in the shell's tables. */
import type { Schema } from '../shell/schema.ts'

export const ROOM_SCHEMA: Schema = {
  firstTable: 'facts',
  tables: '',
  migrations: [
    // After 0.1.0 the desk reads the room's facts by feed. Debts of that release which told the desk are dropped.
    "DELETE FROM outbox WHERE type IN ('tell-desk', 'tell-desk-leg');",
  ],
}
