-- How many requests within a minute one key may send.
ALTER TABLE api_keys ADD COLUMN perMinute INTEGER NOT NULL DEFAULT 1000;
