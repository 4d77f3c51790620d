-- Credentials of upstreams, encrypted under the master key.
CREATE TABLE credential(
  -- '' is the deployment's own
  workspace_id TEXT NOT NULL DEFAULT '',
  upstream TEXT NOT NULL,
  key_id TEXT NOT NULL,
  -- base64, both
  nonce TEXT NOT NULL,
  sealed TEXT NOT NULL,
  -- base address in the place of the upstream's own; sealed as well, so that a changed one is noticed
  url TEXT,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY(workspace_id, upstream)
);

-- What each call cost in the upstream's own money, beside our points.
CREATE TABLE upstream_usage(
  id TEXT PRIMARY KEY,
  -- whose credential paid; '' is the deployment's own
  workspace_id TEXT NOT NULL DEFAULT '',
  upstream TEXT NOT NULL,
  at BIGINT NOT NULL,
  items BIGINT NOT NULL,
  -- decimal texts: credits may be fractions; null: not known
  charged TEXT,
  balance TEXT,
  lost TEXT
);
CREATE INDEX upstream_usage_by_upstream ON upstream_usage(upstream, at);

-- Who answers where a connected upstream fails: nobody, or the provider in the house.
ALTER TABLE workspace ADD COLUMN fallback TEXT NOT NULL DEFAULT 'none' CHECK(fallback IN ('none', 'embedded'));

-- Questions put to the experts of an upstream.
CREATE TABLE consultation(
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  -- its number at the upstream
  form TEXT NOT NULL,
  upstream TEXT NOT NULL,
  seat_id TEXT NOT NULL REFERENCES seat(id),
  request_id TEXT,
  product TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY(workspace_id, form),
  UNIQUE(workspace_id, request_id)
);
