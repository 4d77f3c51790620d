-- What a workspace approved, in numbers. Its row is locked by whoever changes the workspace's approvals.
CREATE TABLE memory(
  workspace_id TEXT PRIMARY KEY REFERENCES workspace(id),
  -- the highest version of an approval; none is given twice
  version BIGINT NOT NULL,
  -- how often approvals were taken back: then what is newer does not tell what is gone
  removals BIGINT NOT NULL,
  entries BIGINT NOT NULL CHECK(entries >= 0)
);

-- Codes that a person approved for a description.
CREATE TABLE approval(
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspace(id),
  country TEXT NOT NULL,
  -- SHA-256 of description and facts, base64url: the same where a cell's question is the same
  key_hash TEXT NOT NULL,
  -- the order of changes within the workspace
  version BIGINT NOT NULL,
  description TEXT NOT NULL,
  -- JSON of material, use, gender, category
  facts TEXT NOT NULL,
  code TEXT NOT NULL CHECK(length(code) BETWEEN 6 AND 13),
  note TEXT NOT NULL,
  -- all of it in small letters, to be searched
  folded TEXT NOT NULL,
  -- a seat's id, or 'operator' at the command line
  approved_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL,
  source TEXT NOT NULL CHECK(source IN ('review', 'import', 'api')),
  -- the hash first: a file of thousands is compared by it, whatever its countries
  UNIQUE(workspace_id, key_hash, country),
  UNIQUE(workspace_id, version)
);
