-- Corrections are new entries: no one, this program included, changes one that stands.
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN
  SELECT RAISE(ABORT, 'ledger entries are append-only');
END;

CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
BEGIN
  SELECT RAISE(ABORT, 'ledger entries are append-only');
END;

-- A hold resolves once.
CREATE TRIGGER hold_resolves_once BEFORE UPDATE ON hold WHEN OLD.state <> 'held'
BEGIN
  SELECT RAISE(ABORT, 'a hold resolves once');
END;
