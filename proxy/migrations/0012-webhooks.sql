-- Addresses a workspace is told its events at.
CREATE TABLE webhook(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  url TEXT NOT NULL,
  -- types of event as a JSON list; null: all there are and will be
  events TEXT,
  -- its secrets, encrypted under the master key; base64, the last two
  key_id TEXT NOT NULL,
  nonce TEXT NOT NULL,
  sealed TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'active' CHECK(state IN ('active', 'disabled')),
  -- an owner wanted it, the receiver said 410, or nothing arrived
  disabled_reason TEXT CHECK(disabled_reason IN ('asked', 'gone', 'failing')),
  created_at BIGINT NOT NULL,
  -- deliveries given up in a row, and since when nothing but failures came
  given_up BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT,
  -- the receiver wants to be left alone until then
  rest_until BIGINT NOT NULL DEFAULT 0,
  -- which proxy sends to it now, and how long that is believed
  lease_by TEXT,
  lease_until BIGINT NOT NULL DEFAULT 0,
  -- when it last had its turn
  served_at BIGINT NOT NULL DEFAULT 0,
  CHECK((state = 'disabled') = (disabled_reason IS NOT NULL))
);
CREATE INDEX webhook_by_workspace ON webhook(workspace_id);

-- What is to be told: written in the transaction that makes it true.
CREATE TABLE webhook_delivery(
  id TEXT PRIMARY KEY,
  -- no foreign key: a webhook that is removed at this moment must not undo the charge that tells of itself
  webhook_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  -- the header webhook-id: one for an event, whichever webhook and attempt
  message_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting', 'delivered', 'failed')),
  attempts BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_at BIGINT,
  -- HTTP status of the last attempt, or why there was none
  last_status BIGINT,
  last_trouble TEXT,
  finished_at BIGINT
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery(webhook_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery(webhook_id, created_at);
CREATE INDEX webhook_delivery_finished ON webhook_delivery(finished_at) WHERE finished_at IS NOT NULL;

-- The last recharge is looked up when points run low, among many thousand charges.
CREATE INDEX entry_recharge ON entry(workspace_id, version) WHERE kind IN ('recharge', 'grant');
