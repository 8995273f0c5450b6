-- Invitations (src/worker/invitations.ts). `hash`: SHA-256 of the whole token, which is shown once and kept nowhere. A row is deleted when it is used, declined or revoked.
CREATE TABLE invitations (invitationId TEXT PRIMARY KEY NOT NULL, workspaceId TEXT NOT NULL REFERENCES workspace (id), email TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin')), hash TEXT NOT NULL UNIQUE, madeBy TEXT NOT NULL, madeMs INTEGER NOT NULL, endsMs INTEGER NOT NULL, UNIQUE (workspaceId, email));
-- The workspace that a sign-in is in. NULL: it has not asked for anything yet.
ALTER TABLE session ADD COLUMN workspaceId TEXT;
-- The name of a person in this workspace, when an admin has given another one, and when the person last chose the workspace.
ALTER TABLE membership ADD COLUMN name TEXT;
ALTER TABLE membership ADD COLUMN chosenMs INTEGER NOT NULL DEFAULT 0;
-- Which workspace has which number: one, because a call to it must lead somewhere. Numbers that were saved before this table are the first workspace's.
CREATE TABLE workspace_numbers (number TEXT PRIMARY KEY NOT NULL, workspaceId TEXT NOT NULL REFERENCES workspace (id));
-- The second factor of a person (better-auth's two-factor plugin, secret and backup codes are sealed with SESSION_SECRET), and whether a workspace asks its people for one.
CREATE TABLE twoFactor (id TEXT PRIMARY KEY NOT NULL, secret TEXT NOT NULL, backupCodes TEXT NOT NULL, userId TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE, verified INTEGER, failedVerificationCount INTEGER NOT NULL DEFAULT 0, lockedUntil TEXT);
CREATE INDEX two_factor_user ON twoFactor (userId);
ALTER TABLE user ADD COLUMN twoFactorEnabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN secondFactor INTEGER NOT NULL DEFAULT 0;
