-- Where the processes that record an upstream's replies wait for each other, one row for each credential that was ever used.
CREATE TABLE upstream_turn(
  upstream TEXT NOT NULL,
  -- whose credential paid; '' is the deployment's own
  workspace_id TEXT NOT NULL DEFAULT '',
  -- when its last reply was recorded, a millisecond of its own for each
  at BIGINT NOT NULL,
  PRIMARY KEY(upstream, workspace_id)
);
INSERT INTO upstream_turn(upstream, workspace_id, at)
  SELECT upstream, workspace_id, MAX(at) FROM upstream_usage GROUP BY upstream, workspace_id;
