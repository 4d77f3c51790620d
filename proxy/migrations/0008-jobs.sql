-- Bulk runs. Rows ask questions, equal rows the same one; questions are worked through in chunks. What changes several of these
-- tables changes them in the order below: turn, job, chunk, question.

-- Whose turn it is: the least recently served workspace goes first, whatever process serves it. Its row is also what a recharge and
-- a chunk that runs out of points wait for each other at.
CREATE TABLE job_turn(
  workspace_id TEXT PRIMARY KEY REFERENCES workspace(id),
  turn BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE job(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  -- in whose name it asks and pays
  seat_id TEXT NOT NULL REFERENCES seat(id),
  -- the client's own; the hash tells the same request from another one
  request_id TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL CHECK(language IN ('en', 'zh', 'fr')),
  state TEXT NOT NULL CHECK(state IN ('running', 'paused', 'cancelled', 'done')),
  reason TEXT CHECK(reason IN ('person', 'no-points', 'daily-cap', 'seat-revoked')),
  row_count BIGINT NOT NULL CHECK(row_count > 0),
  blank_count BIGINT NOT NULL CHECK(blank_count >= 0),
  question_count BIGINT NOT NULL CHECK(question_count >= 0),
  -- among the jobs of its workspace: the least recently served goes first
  turn BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  -- when it last began or went on, and the rows that were finished then: how fast it goes is measured from there
  started_at BIGINT,
  started_rows BIGINT NOT NULL DEFAULT 0,
  -- when nothing of it was under way any more
  finished_at BIGINT,
  -- when its rows and answers were deleted
  emptied_at BIGINT,
  UNIQUE(workspace_id, request_id),
  CHECK((state = 'paused') = (reason IS NOT NULL)),
  CHECK(state <> 'done' OR finished_at IS NOT NULL)
);
CREATE INDEX job_by_workspace ON job(workspace_id, created_at, id);
CREATE INDEX job_finished ON job(finished_at) WHERE emptied_at IS NULL AND finished_at IS NOT NULL;

CREATE TABLE job_chunk(
  job_id TEXT NOT NULL REFERENCES job(id),
  workspace_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('queued', 'leased', 'paused', 'done')),
  -- why it is paused
  reason TEXT CHECK(reason IN ('no-points', 'daily-cap')),
  -- whoever works on it, until then
  owner TEXT,
  lease_until BIGINT,
  -- not to be taken before
  due_at BIGINT NOT NULL DEFAULT 0,
  -- leases since the last answer was written: a chunk that takes its process down every time is given up
  attempts BIGINT NOT NULL DEFAULT 0,
  -- times that a provider's passing trouble sent it back
  tries BIGINT NOT NULL DEFAULT 0,
  -- rows by the state of their question, counted anew in every transaction that changes one
  open_rows BIGINT NOT NULL DEFAULT 0,
  answered_rows BIGINT NOT NULL DEFAULT 0,
  failed_rows BIGINT NOT NULL DEFAULT 0,
  cancelled_rows BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY(job_id, n),
  CHECK((state = 'leased') = (owner IS NOT NULL)),
  CHECK((state = 'leased') = (lease_until IS NOT NULL)),
  CHECK((state = 'paused') = (reason IS NOT NULL))
);
CREATE INDEX job_chunk_waiting ON job_chunk(workspace_id, job_id) WHERE state IN ('queued', 'leased');
CREATE INDEX job_chunk_paused ON job_chunk(workspace_id, job_id) WHERE state = 'paused';

CREATE TABLE job_question(
  job_id TEXT NOT NULL REFERENCES job(id),
  workspace_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  fn TEXT NOT NULL,
  -- JSON, as in the first of its rows
  args TEXT NOT NULL,
  first_row BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  -- an open question of a paused chunk is what people call paused
  state TEXT NOT NULL CHECK(state IN ('open', 'answered', 'failed', 'cancelled')),
  -- whether it failed in a way that may pass, 0 or 1
  retryable BIGINT NOT NULL DEFAULT 0,
  -- JSON, as on the wire but for its id
  answer TEXT,
  finished_at BIGINT,
  PRIMARY KEY(job_id, n),
  CHECK((state IN ('answered', 'failed')) = (answer IS NOT NULL))
);
CREATE INDEX job_question_by_chunk ON job_question(job_id, chunk, state, workspace_id, row_count);

CREATE TABLE job_row(
  job_id TEXT NOT NULL REFERENCES job(id),
  workspace_id TEXT NOT NULL,
  n BIGINT NOT NULL,
  -- the client's own
  row_id TEXT NOT NULL,
  -- null: a blank row asks nothing
  question BIGINT,
  PRIMARY KEY(job_id, n)
);
