-- A spreadsheet's add-on that asks to be connected, and what somebody who is connected said to it.
CREATE TABLE pairing(
  -- a SHA-256 as base64url of what the add-on alone knows
  challenge TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- used: its seat is made
  state TEXT NOT NULL CHECK(state IN ('open', 'approved', 'refused', 'used')),
  expires_at BIGINT NOT NULL,
  -- the seat that approved or refused it
  workspace_id TEXT REFERENCES workspace(id),
  decided_by TEXT REFERENCES seat(id),
  -- the seat it makes: a repeated transaction finds its own
  seat_id TEXT,
  CHECK(state = 'open' OR (workspace_id IS NOT NULL AND decided_by IS NOT NULL)),
  CHECK(state <> 'used' OR seat_id IS NOT NULL)
);
CREATE INDEX pairing_by_end ON pairing(expires_at);
