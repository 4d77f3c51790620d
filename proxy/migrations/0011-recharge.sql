-- Codes that turn into points, once.
CREATE TABLE voucher(
  id TEXT PRIMARY KEY,
  -- SHA-256 of the code without its prefix and dashes, hexadecimal
  code_hash TEXT NOT NULL UNIQUE,
  points BIGINT NOT NULL CHECK(points > 0),
  state TEXT NOT NULL CHECK(state IN ('open', 'redeemed', 'void')),
  -- the operator's own words: whom it is for
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- null: it keeps
  expires_at BIGINT,
  redeemed_workspace_id TEXT REFERENCES workspace(id),
  redeemed_seat_id TEXT REFERENCES seat(id),
  redeemed_at BIGINT,
  voided_at BIGINT,
  CHECK((state = 'redeemed') = (redeemed_at IS NOT NULL)),
  CHECK((redeemed_at IS NULL) = (redeemed_workspace_id IS NULL)),
  CHECK((redeemed_at IS NULL) = (redeemed_seat_id IS NULL)),
  CHECK((state = 'void') = (voided_at IS NOT NULL))
);

-- Points bought through a payment service. This row says what is paid and what it is worth; the service only confirms.
CREATE TABLE recharge(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  seat_id TEXT NOT NULL REFERENCES seat(id),
  -- the client's own id: asked again, the same recharge
  request_id TEXT NOT NULL,
  service TEXT NOT NULL,
  -- the service's number of the checkout; null until it is known
  service_ref TEXT,
  -- the service's number of the payment; null until it is paid
  payment_ref TEXT,
  fen BIGINT NOT NULL CHECK(fen > 0),
  currency TEXT NOT NULL,
  points BIGINT NOT NULL CHECK(points > 0),
  state TEXT NOT NULL CHECK(state IN ('open', 'paid', 'expired', 'failed', 'refunded')),
  -- where it is paid
  url TEXT,
  -- counts the checkouts asked for: past 1 where the service refused the one before
  attempt BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  -- when the service was last asked how it stands
  checked_at BIGINT NOT NULL,
  paid_at BIGINT,
  -- given back or on its way back, in all
  refunded_fen BIGINT NOT NULL CHECK(refunded_fen >= 0 AND refunded_fen <= fen),
  -- taken back from the account for it
  refunded_points BIGINT NOT NULL CHECK(refunded_points >= 0),
  -- spent before they could be taken back
  lost_points BIGINT NOT NULL CHECK(lost_points >= 0),
  UNIQUE(workspace_id, request_id),
  UNIQUE(service, service_ref),
  UNIQUE(service, payment_ref),
  CHECK((state IN ('paid', 'refunded')) = (paid_at IS NOT NULL)),
  CHECK(refunded_points + lost_points <= points),
  CHECK(paid_at IS NOT NULL OR refunded_fen = 0)
);
CREATE INDEX recharge_by_workspace ON recharge(workspace_id, created_at);
CREATE INDEX recharge_open ON recharge(created_at) WHERE state = 'open';

-- What an operator gave back. Its points are taken before the service is asked, so that they cannot be spent meanwhile.
CREATE TABLE refund(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  recharge_id TEXT NOT NULL REFERENCES recharge(id),
  points BIGINT NOT NULL CHECK(points > 0),
  fen BIGINT NOT NULL CHECK(fen > 0),
  state TEXT NOT NULL CHECK(state IN ('sending', 'done', 'failed')),
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  CHECK((state = 'sending') = (ended_at IS NULL))
);
-- One at a time for each recharge.
CREATE UNIQUE INDEX refund_sending ON refund(recharge_id) WHERE state = 'sending';
