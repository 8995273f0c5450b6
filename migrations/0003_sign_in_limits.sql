-- Sign-ins that failed, counted by hashed account and address, and addresses from which a person has signed in before (src/worker/sign-in-limits.ts).
CREATE TABLE sign_in_tries (key TEXT PRIMARY KEY NOT NULL, tries INTEGER NOT NULL, since INTEGER NOT NULL);
CREATE INDEX sign_in_tries_since ON sign_in_tries (since);
CREATE TABLE known_addresses (userId TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE, address TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (userId, address));
