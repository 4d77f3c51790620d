-- The rules of the ledger, kept by the database: whatever writes to it, this program, another one or a person, cannot break them.
-- Entries move balances, holds move what is held, a settled hold writes its own entry.
-- INSERT OR REPLACE deletes the row in its way without asking its triggers, and the OR of an outer statement is the OR of those its
-- triggers make: therefore what must not be there is looked for before, and nothing that a trigger does here can fail by itself.

-- An account opens empty, once, and stays.
CREATE TRIGGER account_opens_empty BEFORE INSERT ON account
BEGIN
  SELECT RAISE(ABORT, 'an account opens empty')
    WHERE NEW.posted <> 0 OR NEW.held <> 0 OR NEW.version <> 0;
  SELECT RAISE(ABORT, 'an account opens once')
    WHERE EXISTS(SELECT 1 FROM account WHERE workspace_id = NEW.workspace_id);
END;

CREATE TRIGGER account_is_never_deleted BEFORE DELETE ON account
BEGIN
  SELECT RAISE(ABORT, 'an account is never deleted');
END;

CREATE TRIGGER account_stays_with_its_workspace BEFORE UPDATE OF workspace_id ON account
WHEN NEW.workspace_id IS NOT OLD.workspace_id
BEGIN
  SELECT RAISE(ABORT, 'an account stays with its workspace');
END;

-- A balance moves by the entry that was just added, and by nothing else.
CREATE TRIGGER account_moves_by_entries BEFORE UPDATE OF posted, version ON account
WHEN NEW.posted IS NOT OLD.posted OR NEW.version IS NOT OLD.version
BEGIN
  SELECT RAISE(ABORT, 'only an entry moves a balance')
    WHERE NOT EXISTS(
      SELECT 1 FROM entry
      WHERE workspace_id = NEW.workspace_id AND version = NEW.version AND NEW.version = OLD.version + 1
        AND balance_after = NEW.posted AND NEW.posted = OLD.posted + points);
END;

CREATE TRIGGER account_holds_by_holds BEFORE UPDATE OF held ON account
WHEN NEW.held IS NOT OLD.held
BEGIN
  SELECT RAISE(ABORT, 'only a hold moves what is held')
    WHERE NEW.held IS NOT (
      SELECT COALESCE(SUM(points), 0) FROM hold WHERE workspace_id = NEW.workspace_id AND state = 'held');
END;

-- An entry follows the last one of its account, takes no more than can be spent, and is the only one for its kind and ref.
CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
BEGIN
  SELECT RAISE(ABORT, 'points are whole numbers')
    WHERE typeof(NEW.points) <> 'integer';
  SELECT RAISE(ABORT, 'an entry follows the last one of its account')
    WHERE NOT EXISTS(
      SELECT 1 FROM account
      WHERE workspace_id = NEW.workspace_id AND NEW.version = version + 1 AND NEW.balance_after = posted + NEW.points);
  SELECT RAISE(ABORT, 'no more can be taken than can be spent')
    WHERE EXISTS(
      SELECT 1 FROM account WHERE workspace_id = NEW.workspace_id AND NEW.points < 0 AND NEW.balance_after < held);
  SELECT RAISE(ABORT, 'one entry for each kind and ref')
    WHERE EXISTS(SELECT 1 FROM entry WHERE kind = NEW.kind AND ref = NEW.ref);
  SELECT RAISE(ABORT, 'a recharge or grant adds points, usage and refunds take them')
    WHERE (NEW.kind IN ('recharge', 'grant') AND NEW.points < 0) OR (NEW.kind IN ('usage', 'refund') AND NEW.points > 0);
  SELECT RAISE(ABORT, 'usage is what a hold was settled for')
    WHERE NEW.kind = 'usage' AND NOT EXISTS(
      SELECT 1 FROM hold
      WHERE id = SUBSTR(NEW.ref, 6) AND NEW.ref = 'hold:' || id AND workspace_id = NEW.workspace_id
        AND state = 'settled' AND settled = -NEW.points);
END;

CREATE TRIGGER entry_moves_its_account AFTER INSERT ON entry
BEGIN
  UPDATE account SET posted = NEW.balance_after, version = NEW.version WHERE workspace_id = NEW.workspace_id;
END;

-- A hold begins open, for a seat of its workspace, within what can be spent.
CREATE TRIGGER hold_begins_open BEFORE INSERT ON hold
BEGIN
  SELECT RAISE(ABORT, 'a hold begins open')
    WHERE NEW.state <> 'held' OR NEW.settled <> 0 OR NEW.resolved_at IS NOT NULL;
  SELECT RAISE(ABORT, 'points are whole numbers')
    WHERE typeof(NEW.points) <> 'integer';
  SELECT RAISE(ABORT, 'a hold is made once')
    WHERE EXISTS(SELECT 1 FROM hold WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'a hold is for a seat of its workspace')
    WHERE NOT EXISTS(SELECT 1 FROM seat WHERE id = NEW.seat_id AND workspace_id = NEW.workspace_id);
  SELECT RAISE(ABORT, 'no more can be held than can be spent')
    WHERE NOT EXISTS(
      SELECT 1 FROM account WHERE workspace_id = NEW.workspace_id AND posted - held >= NEW.points);
END;

CREATE TRIGGER hold_sets_points_aside AFTER INSERT ON hold
BEGIN
  UPDATE account SET held = held + NEW.points WHERE workspace_id = NEW.workspace_id;
  INSERT INTO seat_day(seat_id, day, points) VALUES(NEW.seat_id, NEW.day, NEW.points)
    ON CONFLICT(seat_id, day) DO UPDATE SET points = points + excluded.points;
END;

-- It stays what it was made for, says when it was resolved, and is never deleted. (That it resolves once is 0002's.)
CREATE TRIGGER hold_stays_what_it_is BEFORE UPDATE ON hold
WHEN NEW.id IS NOT OLD.id OR NEW.workspace_id IS NOT OLD.workspace_id OR NEW.seat_id IS NOT OLD.seat_id
  OR NEW.day IS NOT OLD.day OR NEW.points IS NOT OLD.points OR NEW.created_at IS NOT OLD.created_at
BEGIN
  SELECT RAISE(ABORT, 'a hold stays what it was made for');
END;

CREATE TRIGGER hold_says_when BEFORE UPDATE ON hold
WHEN OLD.state = 'held'
  AND ((NEW.state = 'held') <> (NEW.resolved_at IS NULL) OR typeof(NEW.settled) <> 'integer')
BEGIN
  SELECT RAISE(ABORT, 'a hold resolves at a time, for whole points');
END;

CREATE TRIGGER hold_is_never_deleted BEFORE DELETE ON hold
BEGIN
  SELECT RAISE(ABORT, 'a hold is never deleted');
END;

-- A resolved hold gives back what it set aside; a settled one is charged in the same breath.
CREATE TRIGGER hold_is_charged AFTER UPDATE OF state ON hold
WHEN OLD.state = 'held' AND NEW.state <> 'held'
BEGIN
  UPDATE account SET held = held - NEW.points WHERE workspace_id = NEW.workspace_id;
  UPDATE seat_day SET points = points - (NEW.points - NEW.settled)
    WHERE seat_id = NEW.seat_id AND day = NEW.day AND NEW.settled < NEW.points;
  INSERT INTO entry(workspace_id, version, kind, points, balance_after, ref, created_at)
    SELECT workspace_id, version + 1, 'usage', -NEW.settled, posted - NEW.settled, 'hold:' || NEW.id, NEW.resolved_at
    FROM account WHERE workspace_id = NEW.workspace_id AND NEW.settled > 0;
END;

-- An answer that costs points is there only when its hold is settled.
CREATE TRIGGER answer_is_paid_for BEFORE INSERT ON answer WHEN NEW.points > 0
BEGIN
  SELECT RAISE(ABORT, 'an answer that costs points names its settled hold')
    WHERE NOT EXISTS(
      SELECT 1 FROM hold
      WHERE id = NEW.hold_id AND workspace_id = NEW.workspace_id AND state = 'settled' AND settled >= NEW.points);
END;

CREATE TRIGGER answer_stays_paid_for BEFORE UPDATE ON answer WHEN NEW.points > 0
BEGIN
  SELECT RAISE(ABORT, 'an answer that costs points names its settled hold')
    WHERE NOT EXISTS(
      SELECT 1 FROM hold
      WHERE id = NEW.hold_id AND workspace_id = NEW.workspace_id AND state = 'settled' AND settled >= NEW.points);
END;

-- What was done stays written.
CREATE TRIGGER audit_is_written_once BEFORE INSERT ON audit
WHEN EXISTS(SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'audit records are append-only');
END;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are append-only');
END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit records are append-only');
END;
