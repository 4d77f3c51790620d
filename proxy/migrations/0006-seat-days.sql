-- When a hold was settled, released or expired; null: it is open, or older than this column. The entry of a charge bears this time.
ALTER TABLE hold ADD COLUMN resolved_at BIGINT;

-- What a seat has spent or set aside on a UTC day, as its holds of that day say: what its daily cap is measured against.
CREATE TABLE seat_day(
  seat_id TEXT NOT NULL REFERENCES seat(id),
  day TEXT NOT NULL,
  points BIGINT NOT NULL CHECK(points >= 0),
  PRIMARY KEY(seat_id, day)
);

INSERT INTO seat_day(seat_id, day, points)
  SELECT seat_id, day, SUM(CASE state WHEN 'held' THEN points WHEN 'settled' THEN settled ELSE 0 END)
  FROM hold GROUP BY seat_id, day;

-- What an account holds is added up here at every change of it.
CREATE INDEX hold_of_account ON hold(workspace_id, points) WHERE state = 'held';

-- An export reads the ledger by days.
CREATE INDEX entry_by_time ON entry(workspace_id, created_at);
