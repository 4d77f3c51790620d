-- Who is asking what right now, across processes. A claim is as good as its hold: an open hold that has not run out.
CREATE TABLE question_claim(
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  -- SHA-256 of the answer key, base64url
  key_hash TEXT NOT NULL,
  -- checked at the commit: how many points a hold needs is known only after its questions are claimed
  hold_id TEXT NOT NULL REFERENCES hold(id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY(workspace_id, key_hash)
);
CREATE INDEX question_claim_by_hold ON question_claim(hold_id);

-- When a request for fresh answers was first seen: sent again, it is satisfied by what it bought then.
CREATE TABLE fresh_request(
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  request_id TEXT NOT NULL,
  first_at BIGINT NOT NULL,
  PRIMARY KEY(workspace_id, request_id)
);
CREATE INDEX fresh_request_by_time ON fresh_request(first_at);
