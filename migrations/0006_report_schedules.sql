-- Reports that are sent by themselves (src/worker/report-schedules.ts). `query` is JSON: the range, and of whom. `every`: 'day' or 'week'. `nextMs`: when the next one is due; `sentMs`: when the last one was; both ms since the epoch.
CREATE TABLE report_schedules (scheduleId TEXT PRIMARY KEY NOT NULL, workspaceId TEXT NOT NULL REFERENCES workspace (id), name TEXT NOT NULL, report TEXT NOT NULL, query TEXT NOT NULL, every TEXT NOT NULL, weekday INTEGER NOT NULL, hour INTEGER NOT NULL, zone TEXT NOT NULL, paused INTEGER NOT NULL DEFAULT 0, nextMs INTEGER NOT NULL, sentMs INTEGER, madeBy TEXT NOT NULL, madeMs INTEGER NOT NULL);
CREATE INDEX report_schedules_next ON report_schedules (paused, nextMs);
CREATE INDEX report_schedules_workspace ON report_schedules (workspaceId, madeMs DESC);
