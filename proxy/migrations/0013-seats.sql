-- A token that was replaced goes on until previous_until, so that nobody is cut off in the middle of the day.
ALTER TABLE seat ADD COLUMN previous_token_hash TEXT;
ALTER TABLE seat ADD COLUMN previous_until BIGINT;
-- Start of the last day (UTC) one of its tokens was used.
ALTER TABLE seat ADD COLUMN last_used_at BIGINT;

-- The daily limit of the seat a code makes, and that seat: a repeated transaction finds its own.
ALTER TABLE connection_code ADD COLUMN daily_cap_points BIGINT CHECK(daily_cap_points >= 0);
ALTER TABLE connection_code ADD COLUMN seat_id TEXT;

-- One row once there is a workspace: of several processes that start at once on an empty database one makes the first.
CREATE TABLE first_workspace(
  one BIGINT PRIMARY KEY CHECK(one = 1),
  workspace_id TEXT NOT NULL
);
INSERT INTO first_workspace(one, workspace_id) SELECT 1, id FROM workspace ORDER BY created_at, id LIMIT 1;
