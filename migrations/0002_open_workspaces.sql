-- Logs (of a workspace, by month) in which a call or a round was open when the sweep last looked. The log writes its row, the sweep removes it.
CREATE TABLE open_workspaces (workspaceId TEXT NOT NULL, month TEXT NOT NULL, token TEXT NOT NULL, sweptAt INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (workspaceId, month));
