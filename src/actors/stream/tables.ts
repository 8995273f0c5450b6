/** Topics of open sockets: an attachment has 2 KiB, and a hundred topics may have more. */
import type { Schema } from '../shell/schema.ts'

export const STREAM_SCHEMA: Schema = {
  firstTable: 'topics',
  tables: 'CREATE TABLE topics (socket TEXT PRIMARY KEY, topics TEXT NOT NULL) WITHOUT ROWID;',
  migrations: [],
}
