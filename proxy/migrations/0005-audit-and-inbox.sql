-- Who did what with money, seats and keys. Added to, never changed.
CREATE TABLE audit(
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  -- '' is the deployment
  workspace_id TEXT NOT NULL,
  -- a seat's id, or 'operator' at the command line, or the name of an outside service
  actor TEXT NOT NULL,
  -- such as seat.create, voucher.redeem
  action TEXT NOT NULL,
  -- JSON, without secrets and cell text
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_workspace ON audit(workspace_id, at);

-- Events from outside that were acted upon: written in the transaction that acts, so that each acts once.
CREATE TABLE inbox(
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY(source, event_id)
);
