-- Questions of bulk jobs that are handed in at an upstream in large numbers and come back for. A row is written before it is sent,
-- so that whoever goes on after a crash knows what may be there.
CREATE TABLE submission(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  job_id TEXT NOT NULL,
  chunk BIGINT NOT NULL,
  upstream TEXT NOT NULL,
  -- what pays for it, and is its claim on its questions
  hold_id TEXT NOT NULL REFERENCES hold(id),
  -- JSON: hashes by which its questions are found again
  questions TEXT NOT NULL,
  -- sending: whether it is there is not known yet · sent: it is there, under its ticket · settled · failed: given up, nothing charged
  state TEXT NOT NULL CHECK(state IN ('sending', 'sent', 'settled', 'failed')),
  -- why it failed
  failure TEXT,
  ticket TEXT,
  -- pieces of work there, and of how many the upstream said that they have ended
  tasks BIGINT NOT NULL CHECK(tasks > 0),
  announced BIGINT NOT NULL DEFAULT 0 CHECK(announced >= 0),
  -- SHA-256 of the token in the address the upstream may call; null: it was given none
  token_hash TEXT UNIQUE,
  sent_at BIGINT NOT NULL,
  -- how often it was sent: again only when surely nothing was there
  sends BIGINT NOT NULL DEFAULT 1,
  next_look_at BIGINT NOT NULL,
  -- how often somebody took it up: only the last goes on
  taken BIGINT NOT NULL DEFAULT 1,
  CHECK(state NOT IN ('sent', 'settled') OR ticket IS NOT NULL),
  CHECK((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX submission_open ON submission(workspace_id, job_id, chunk) WHERE state IN ('sending', 'sent');
CREATE INDEX submission_by_ticket ON submission(upstream, ticket);
