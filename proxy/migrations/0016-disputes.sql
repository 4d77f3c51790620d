-- When the first dispute of it was told; it stays, however the dispute ends.
ALTER TABLE recharge ADD COLUMN disputed_at BIGINT;

-- What a payer's bank wants back of a recharge; one payment may be disputed more than once. No points move by themselves.
CREATE TABLE dispute(
  service TEXT NOT NULL,
  -- the service's number of it
  service_ref TEXT NOT NULL,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  recharge_id TEXT NOT NULL REFERENCES recharge(id),
  -- dropped: it ended before it became one
  state TEXT NOT NULL CHECK(state IN ('open', 'won', 'lost', 'dropped')),
  -- in the smallest unit of its currency: a bank may want another amount than was paid
  amount BIGINT NOT NULL CHECK(amount >= 0),
  currency TEXT NOT NULL,
  -- in the service's word
  reason TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  -- when the service said what stands here
  told_at BIGINT NOT NULL,
  -- when the bank last took the money, and last gave it back
  withdrawn_at BIGINT,
  reinstated_at BIGINT,
  PRIMARY KEY(service, service_ref)
);
CREATE INDEX dispute_by_recharge ON dispute(recharge_id);
CREATE INDEX dispute_open ON dispute(opened_at) WHERE state = 'open';

-- Counted for the metrics.
CREATE INDEX audit_recharge_refused ON audit(at) WHERE action = 'recharge.refused';
