/** The tables of a ledger. Transfers and their legs are only ever added; balances and sums of days are made of them. */
import { CALL_LIMIT_MS } from '../../core/call/state.ts'
import { NOTICES_TABLES } from '../shell/notices.ts'
import type { Schema } from '../shell/schema.ts'

/** A call of which no more is expected is forgotten this long after its end; late words about its recording still find it. */
export const CALLS_KEPT_MS = 3 * 24 * 3_600_000
/** A new ledger charges calls that may be going on at its birth, and nothing older. */
export const SINCE_MS = CALL_LIMIT_MS + 10 * 60_000

/** The month for which numbers were charged last. */
const RENT = 'CREATE TABLE rent (id INTEGER PRIMARY KEY CHECK (id = 1), month TEXT NOT NULL);'

/** What the carrier takes for each of its legs: that of a call, and those that it has dialled for the call. */
const PRICES = `CREATE TABLE carrier_prices (provider_id TEXT PRIMARY KEY, call_id TEXT NOT NULL, looks INTEGER NOT NULL, due INTEGER NOT NULL) WITHOUT ROWID;`
const PRICES_DUE = 'CREATE INDEX carrier_prices_due ON carrier_prices (due);'
/** A call had one leg with a price. */
const PRICES_OF_LEGS = `ALTER TABLE carrier_prices RENAME TO prices_of_calls;
${PRICES}
INSERT INTO carrier_prices SELECT provider_id, call_id, looks, due FROM prices_of_calls;
DROP TABLE prices_of_calls;
${PRICES_DUE}`

export const BILLING_SCHEMA: Schema = {
  firstTable: 'transfers',
  tables: `
CREATE TABLE transfers (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, at INTEGER NOT NULL, call_id TEXT, cost_type TEXT, direction TEXT,
  quantity INTEGER, units INTEGER, rate_id TEXT, rate_micros INTEGER, amount INTEGER NOT NULL, uncovered INTEGER NOT NULL DEFAULT 0,
  balance INTEGER NOT NULL, began INTEGER, ended INTEGER, by_whom TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '');
CREATE INDEX transfers_call ON transfers (call_id) WHERE call_id IS NOT NULL;
CREATE INDEX transfers_bills ON transfers (n) WHERE type NOT IN ('hold', 'extension', 'release');
CREATE TABLE legs (n INTEGER NOT NULL, account TEXT NOT NULL, micros INTEGER NOT NULL, PRIMARY KEY (n, account)) WITHOUT ROWID;
CREATE TABLE balances (account TEXT PRIMARY KEY, micros INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE holds (call_id TEXT PRIMARY KEY, micros INTEGER NOT NULL, taken INTEGER NOT NULL DEFAULT 0, over INTEGER NOT NULL DEFAULT 0, number TEXT NOT NULL, ai INTEGER NOT NULL,
  made INTEGER NOT NULL, answered INTEGER, covered INTEGER NOT NULL, due INTEGER, ending INTEGER) WITHOUT ROWID;
CREATE INDEX holds_due ON holds (due) WHERE due IS NOT NULL;
CREATE TABLE calls (call_id TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX calls_at ON calls (at);
${PRICES}
${PRICES_DUE}
CREATE TABLE days (day INTEGER NOT NULL, cost_type TEXT NOT NULL, micros INTEGER NOT NULL, count INTEGER NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (day, cost_type)) WITHOUT ROWID;
CREATE TABLE cards (version INTEGER PRIMARY KEY, at INTEGER NOT NULL, by_whom TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE settings (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
CREATE TABLE reader (id INTEGER PRIMARY KEY CHECK (id = 1), since INTEGER NOT NULL, cursor TEXT);
${RENT}
${NOTICES_TABLES}`,
  migrations: [RENT, NOTICES_TABLES, PRICES_OF_LEGS],
}
