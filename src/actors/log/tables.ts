/** The tables of one month of a workspace's log. The object that is named by the workspace alone has the months' names as well. */
import type { Schema } from '../shell/schema.ts'
import { FILL_REPORT_COLUMNS, REPORT_COLUMNS, REPORT_TABLES } from './report/tables.ts'

/** Tables that 0.1.0 did not have. */
const LATER = `
CREATE TABLE events (n INTEGER PRIMARY KEY, source TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, at INTEGER NOT NULL,
  call_id TEXT, about TEXT NOT NULL, data TEXT NOT NULL, personal TEXT);
CREATE UNIQUE INDEX events_source ON events (source, seq);
CREATE INDEX events_call ON events (call_id, at) WHERE call_id IS NOT NULL;
CREATE TABLE early (call_id TEXT PRIMARY KEY, since INTEGER NOT NULL, offered INTEGER NOT NULL DEFAULT 0, changes TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE open (id TEXT PRIMARY KEY, kind TEXT NOT NULL, last_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX open_last ON open (last_ms);
CREATE TABLE month (id INTEGER PRIMARY KEY CHECK (id = 1), entered INTEGER NOT NULL DEFAULT 0, sealed INTEGER NOT NULL DEFAULT 0, token TEXT);
INSERT INTO month (id) VALUES (1);
CREATE TABLE months (month TEXT PRIMARY KEY) WITHOUT ROWID;
`

/** What stands in files, how it is found there, late columns of calls that do, and the last seq of sources whose events do. */
const ARCHIVE = `
CREATE TABLE segments (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, first_id TEXT NOT NULL,
  last_id TEXT NOT NULL, generation INTEGER NOT NULL DEFAULT 0, files TEXT, facets TEXT NOT NULL DEFAULT '{}', stale_since INTEGER);
CREATE INDEX segments_last ON segments (kind, last);
CREATE TABLE places (place INTEGER NOT NULL, segment INTEGER NOT NULL, PRIMARY KEY (place, segment)) WITHOUT ROWID;
CREATE TABLE late (call_id TEXT PRIMARY KEY, segment INTEGER NOT NULL, since INTEGER NOT NULL, changes TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX late_segment ON late (segment);
CREATE TABLE heard (source TEXT PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
`
/** `event_chars`: what the rows of `events` have (`charsOf` in `events.ts`); `archived`: all of the month stands in files. */
const MONTH_COLUMNS = ['event_chars INTEGER NOT NULL DEFAULT 0', 'archived INTEGER NOT NULL DEFAULT 0']

/** Endpoints of webhooks, which are told that there is something new. */
const LISTENERS = 'CREATE TABLE listeners (id TEXT PRIMARY KEY, events TEXT NOT NULL) WITHOUT ROWID;'

/** The pages of one agent, newest first. */
const OF_AGENT =
  'CREATE INDEX calls_agent ON calls (agent_id, created_ms DESC, call_id DESC) WHERE agent_id IS NOT NULL;'

export const LOG_SCHEMA: Schema = {
  firstTable: 'timeline',
  tables: `
CREATE TABLE calls (call_id TEXT PRIMARY KEY, direction TEXT NOT NULL DEFAULT 'outbound', kind TEXT NOT NULL DEFAULT 'campaign',
  status TEXT NOT NULL DEFAULT 'dialing', provider_status TEXT, provider_id TEXT, hangup_reason TEXT, contact_id TEXT, name TEXT NOT NULL DEFAULT '',
  number TEXT NOT NULL DEFAULT '', dial_from TEXT NOT NULL DEFAULT '', agent_name TEXT, campaign_id TEXT, answered_by TEXT, result TEXT, outcome TEXT,
  note TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL DEFAULT 0, answered_ms INTEGER, ended_ms INTEGER, talked_ms INTEGER NOT NULL DEFAULT 0, agent_id TEXT,
  follow_up INTEGER, quality TEXT, ${REPORT_COLUMNS.join(', ')});
${OF_AGENT}
CREATE INDEX calls_new ON calls (created_ms DESC, call_id DESC);
CREATE INDEX calls_provider ON calls (provider_id);
${LATER}${ARCHIVE}${LISTENERS}${REPORT_TABLES}${addMonthColumns()}`,
  migrations: [
    // After 0.1.0 the lines of the timeline are events, in the words of today, and repeats are known by them.
    `${LATER}
INSERT INTO events (source, seq, type, at, call_id, about, data)
  SELECT source, seq, CASE type WHEN 'call-recording' THEN 'recording-reported' WHEN 'talk-line-opened' THEN 'talk-stream-opened'
    WHEN 'talk-line-closed' THEN 'talk-stream-closed' WHEN 'call-crm-created' THEN 'crm-created' WHEN 'call-crm-nobody' THEN 'crm-nobody'
    WHEN 'call-crm-retrying' THEN 'crm-retrying' WHEN 'call-crm-failed' THEN 'crm-failed' WHEN 'call-crm-asked' THEN 'crm-asked' ELSE type END,
    at, call_id, '{}', data FROM timeline ORDER BY at, source, seq;
DROP TABLE timeline;
DROP TABLE heard;
`,
    // Calls were told apart by the name of their agent. The desk of the call says who it was; a call without a desk has nobody.
    `
ALTER TABLE calls ADD COLUMN agent_id TEXT;
${OF_AGENT}
UPDATE calls SET agent_id = (
  SELECT substr(desk, instr(desk, '.d_') + 3) FROM (
    SELECT n, CASE type WHEN 'talk-transfer-answered' THEN data ->> '$.deskId' ELSE data ->> '$.links.deskId' END AS desk FROM events
    WHERE events.call_id = calls.call_id AND (type IN ('call-created', 'call-received') OR (type = 'talk-transfer-answered' AND data ->> '$.answer' = 'accepted')))
  WHERE instr(desk, '.d_') > 0 ORDER BY n DESC LIMIT 1);
`,
    // Whether the campaign's threshold asks for a follow-up, and the worst sound of the call.
    'ALTER TABLE calls ADD COLUMN follow_up INTEGER;ALTER TABLE calls ADD COLUMN quality TEXT;',
    // Months that are over, and old events of the running one, go to the bucket.
    `${ARCHIVE}${addMonthColumns()}
UPDATE month SET event_chars = (SELECT COALESCE(SUM(LENGTH(source) + LENGTH(type) + COALESCE(LENGTH(call_id), 0) + LENGTH(about)
  + LENGTH(data) + COALESCE(LENGTH(personal), 0) + 30), 0) FROM events);
`,
    // Webhooks are told of events.
    LISTENERS,
    // Reports count what only facts told before.
    `${REPORT_COLUMNS.map(column => `ALTER TABLE calls ADD COLUMN ${column};\n`).join('')}${REPORT_TABLES}${FILL_REPORT_COLUMNS}`,
  ],
}

function addMonthColumns(): string {
  return MONTH_COLUMNS.map(column => `ALTER TABLE month ADD COLUMN ${column};\n`).join('')
}

/**
 * So many whole months stay in their objects after their end. Until then outcomes, notes and filings of their calls still come in, and most
 * of what people look up is there; later changes are few enough to be kept beside the files.
 */
export const ARCHIVE_AFTER_MONTHS = 2

/**
 * A month is kept this long after its end: the records of telemarketing calls must be kept for five years (16 CFR 310.5(b)).
 * Then the object deletes itself.
 */
export const LOG_KEPT_MONTHS = 60
