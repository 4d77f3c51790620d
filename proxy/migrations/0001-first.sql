-- Who pays, and who asks in its name.
CREATE TABLE workspace(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE seat(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('owner', 'seat', 'cell')),
  token_hash TEXT NOT NULL,
  -- null: no limit of its own
  daily_cap_points BIGINT CHECK(daily_cap_points >= 0),
  created_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX seat_by_workspace ON seat(workspace_id);

-- One-time codes that turn into a seat.
CREATE TABLE connection_code(
  code_hash TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  role TEXT NOT NULL CHECK(role IN ('seat', 'cell')),
  name TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

-- Points. posted is the sum of the entries, held the sum of the open holds.
CREATE TABLE account(
  workspace_id TEXT PRIMARY KEY REFERENCES workspace(id),
  posted BIGINT NOT NULL DEFAULT 0 CHECK(posted >= 0),
  held BIGINT NOT NULL DEFAULT 0 CHECK(held >= 0),
  version BIGINT NOT NULL DEFAULT 0,
  CHECK(posted >= held)
);

CREATE TABLE entry(
  workspace_id TEXT NOT NULL REFERENCES account(workspace_id),
  version BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('recharge', 'grant', 'usage', 'refund', 'adjust')),
  points BIGINT NOT NULL CHECK(points <> 0),
  balance_after BIGINT NOT NULL CHECK(balance_after >= 0),
  ref TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY(workspace_id, version),
  UNIQUE(kind, ref)
);

CREATE TABLE hold(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES account(workspace_id),
  seat_id TEXT NOT NULL REFERENCES seat(id),
  -- UTC date it counts against the seat's daily cap, as YYYY-MM-DD
  day TEXT NOT NULL,
  points BIGINT NOT NULL CHECK(points > 0),
  settled BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK(state IN ('held', 'settled', 'released', 'expired')),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CHECK(settled >= 0 AND settled <= points),
  CHECK(state = 'settled' OR settled = 0)
);
CREATE INDEX hold_open ON hold(expires_at) WHERE state = 'held';
CREATE INDEX hold_by_seat_day ON hold(seat_id, day);

-- Answers that were paid for, per workspace: whoever remembers is whoever paid.
CREATE TABLE answer(
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  -- SHA-256 of the answer key, base64url: no cell text in an index
  key_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  edition TEXT NOT NULL,
  -- the provider's reply as JSON
  reply TEXT NOT NULL,
  points BIGINT NOT NULL CHECK(points >= 0),
  hold_id TEXT REFERENCES hold(id),
  answered_at BIGINT NOT NULL,
  PRIMARY KEY(workspace_id, key_hash)
);
