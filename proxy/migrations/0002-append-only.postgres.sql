-- Corrections are new entries: no one, this program included, changes one that stands.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END;
$$;

CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE ON entry
  FOR EACH ROW EXECUTE FUNCTION refuse_change('ledger entries are append-only');

CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('ledger entries are append-only');

-- A hold resolves once.
CREATE TRIGGER hold_resolves_once BEFORE UPDATE ON hold
  FOR EACH ROW WHEN (OLD.state <> 'held') EXECUTE FUNCTION refuse_change('a hold resolves once');
