-- The rules of the ledger, kept by the database: whatever writes to it, this program, another one or a person, cannot break them.
-- Entries move balances, holds move what is held, a settled hold writes its own entry.
-- A row that is checked is locked first: others write beside us, and an account is the last lock that is taken.

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation';
  END $$;

-- An account opens empty and stays.
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account FOR EACH ROW
  WHEN (NEW.posted <> 0 OR NEW.held <> 0 OR NEW.version <> 0)
  EXECUTE FUNCTION refuse_change('an account opens empty');

CREATE TRIGGER account_is_never_deleted BEFORE DELETE ON account FOR EACH ROW
  EXECUTE FUNCTION refuse_change('an account is never deleted');

CREATE TRIGGER account_is_never_emptied BEFORE TRUNCATE ON account
  EXECUTE FUNCTION refuse_change('an account is never deleted');

CREATE TRIGGER account_stays_with_its_workspace BEFORE UPDATE ON account FOR EACH ROW
  WHEN (NEW.workspace_id IS DISTINCT FROM OLD.workspace_id)
  EXECUTE FUNCTION refuse_change('an account stays with its workspace');

-- A balance moves by the entry that was just added, and by nothing else.
CREATE FUNCTION check_balance_moves_by_entry() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS(
      SELECT 1 FROM entry
      WHERE workspace_id = NEW.workspace_id AND version = NEW.version AND NEW.version = OLD.version + 1
        AND balance_after = NEW.posted AND NEW.posted = OLD.posted + points) THEN
      RAISE EXCEPTION 'only an entry moves a balance' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

CREATE TRIGGER account_moves_by_entries BEFORE UPDATE ON account FOR EACH ROW
  WHEN (NEW.posted IS DISTINCT FROM OLD.posted OR NEW.version IS DISTINCT FROM OLD.version)
  EXECUTE FUNCTION check_balance_moves_by_entry();

-- The account's row is locked when this runs, and whoever changes a hold of it needs that lock to end: the sum stands still.
CREATE FUNCTION check_held_moves_by_hold() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.held IS DISTINCT FROM (
      SELECT COALESCE(SUM(points), 0) FROM hold WHERE workspace_id = NEW.workspace_id AND state = 'held') THEN
      RAISE EXCEPTION 'only a hold moves what is held' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

CREATE TRIGGER account_holds_by_holds BEFORE UPDATE ON account FOR EACH ROW
  WHEN (NEW.held IS DISTINCT FROM OLD.held)
  EXECUTE FUNCTION check_held_moves_by_hold();

-- An entry follows the last one of its account, takes no more than can be spent, and is true to its kind.
CREATE FUNCTION check_entry_follows_the_last() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    own account%ROWTYPE;
  BEGIN
    SELECT * INTO own FROM account WHERE workspace_id = NEW.workspace_id FOR NO KEY UPDATE;
    IF own.version IS NULL OR NEW.version <> own.version + 1 OR NEW.balance_after <> own.posted + NEW.points THEN
      RAISE EXCEPTION 'an entry follows the last one of its account' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.points < 0 AND NEW.balance_after < own.held THEN
      RAISE EXCEPTION 'no more can be taken than can be spent' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.kind IN ('recharge', 'grant') AND NEW.points < 0) OR (NEW.kind IN ('usage', 'refund') AND NEW.points > 0) THEN
      RAISE EXCEPTION 'a recharge or grant adds points, usage and refunds take them' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'usage' AND NOT EXISTS(
      SELECT 1 FROM hold
      WHERE id = SUBSTR(NEW.ref, 6) AND NEW.ref = 'hold:' || id AND workspace_id = NEW.workspace_id
        AND state = 'settled' AND settled = -NEW.points) THEN
      RAISE EXCEPTION 'usage is what a hold was settled for' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry FOR EACH ROW
  EXECUTE FUNCTION check_entry_follows_the_last();

CREATE FUNCTION move_account_by_entry() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE account SET posted = NEW.balance_after, version = NEW.version WHERE workspace_id = NEW.workspace_id;
    RETURN NULL;
  END $$;

CREATE TRIGGER entry_moves_its_account AFTER INSERT ON entry FOR EACH ROW
  EXECUTE FUNCTION move_account_by_entry();

-- A hold begins open, for a seat of its workspace, within what can be spent.
CREATE FUNCTION check_hold_begins_open() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.state <> 'held' OR NEW.settled <> 0 OR NEW.resolved_at IS NOT NULL THEN
      RAISE EXCEPTION 'a hold begins open' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS(SELECT 1 FROM seat WHERE id = NEW.seat_id AND workspace_id = NEW.workspace_id) THEN
      RAISE EXCEPTION 'a hold is for a seat of its workspace' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM account WHERE workspace_id = NEW.workspace_id AND posted - held >= NEW.points FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'no more can be held than can be spent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

CREATE TRIGGER hold_begins_open BEFORE INSERT ON hold FOR EACH ROW
  EXECUTE FUNCTION check_hold_begins_open();

CREATE FUNCTION set_points_aside() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE account SET held = held + NEW.points WHERE workspace_id = NEW.workspace_id;
    INSERT INTO seat_day(seat_id, day, points) VALUES(NEW.seat_id, NEW.day, NEW.points)
      ON CONFLICT(seat_id, day) DO UPDATE SET points = seat_day.points + excluded.points;
    RETURN NULL;
  END $$;

CREATE TRIGGER hold_sets_points_aside AFTER INSERT ON hold FOR EACH ROW
  EXECUTE FUNCTION set_points_aside();

-- It stays what it was made for, says when it was resolved, and is never deleted. (That it resolves once is 0002's.)
CREATE TRIGGER hold_stays_what_it_is BEFORE UPDATE ON hold FOR EACH ROW
  WHEN (NEW.id IS DISTINCT FROM OLD.id OR NEW.workspace_id IS DISTINCT FROM OLD.workspace_id
    OR NEW.seat_id IS DISTINCT FROM OLD.seat_id OR NEW.day IS DISTINCT FROM OLD.day
    OR NEW.points IS DISTINCT FROM OLD.points OR NEW.created_at IS DISTINCT FROM OLD.created_at)
  EXECUTE FUNCTION refuse_change('a hold stays what it was made for');

CREATE TRIGGER hold_says_when BEFORE UPDATE ON hold FOR EACH ROW
  WHEN (OLD.state = 'held' AND (NEW.state = 'held') <> (NEW.resolved_at IS NULL))
  EXECUTE FUNCTION refuse_change('a hold resolves at a time, for whole points');

CREATE TRIGGER hold_is_never_deleted BEFORE DELETE ON hold FOR EACH ROW
  EXECUTE FUNCTION refuse_change('a hold is never deleted');

CREATE TRIGGER hold_is_never_emptied BEFORE TRUNCATE ON hold
  EXECUTE FUNCTION refuse_change('a hold is never deleted');

-- A resolved hold gives back what it set aside; a settled one is charged in the same breath.
CREATE FUNCTION charge_hold() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE account SET held = held - NEW.points WHERE workspace_id = NEW.workspace_id;
    IF NEW.settled < NEW.points THEN
      UPDATE seat_day SET points = points - (NEW.points - NEW.settled)
        WHERE seat_id = NEW.seat_id AND day = NEW.day;
    END IF;
    IF NEW.settled > 0 THEN
      INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at)
        SELECT workspace_id, version + 1, 'usage', -NEW.settled, posted - NEW.settled, 'hold:' || NEW.id, NEW.resolved_at
        FROM account WHERE workspace_id = NEW.workspace_id;
    END IF;
    RETURN NULL;
  END $$;

CREATE TRIGGER hold_is_charged AFTER UPDATE ON hold FOR EACH ROW
  WHEN (OLD.state = 'held' AND NEW.state <> 'held')
  EXECUTE FUNCTION charge_hold();

-- An answer that costs points is there only when its hold is settled.
CREATE FUNCTION check_answer_is_paid_for() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS(
      SELECT 1 FROM hold
      WHERE id = NEW.hold_id AND workspace_id = NEW.workspace_id AND state = 'settled' AND settled >= NEW.points) THEN
      RAISE EXCEPTION 'an answer that costs points names its settled hold' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END $$;

CREATE TRIGGER answer_is_paid_for BEFORE INSERT OR UPDATE ON answer FOR EACH ROW
  WHEN (NEW.points > 0)
  EXECUTE FUNCTION check_answer_is_paid_for();

-- What was done stays written.
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW
  EXECUTE FUNCTION refuse_change('audit records are append-only');

CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
  EXECUTE FUNCTION refuse_change('audit records are append-only');
