-- The first seat of the line of makers that a made seat comes from: what is allowed to that one is allowed to all of them together.
ALTER TABLE seat ADD COLUMN made_first TEXT REFERENCES seat(id);
WITH RECURSIVE line(id, made_first) AS (
  SELECT s.id, m.id FROM seat s JOIN seat m ON m.id = s.made_from WHERE m.made_from IS NULL
  UNION ALL SELECT s.id, l.made_first FROM seat s JOIN line l ON s.made_from = l.id
)
UPDATE seat SET made_first = (SELECT l.made_first FROM line l WHERE l.id = seat.id) WHERE made_from IS NOT NULL;
CREATE INDEX seat_by_first_maker ON seat(made_first) WHERE made_first IS NOT NULL AND revoked_at IS NULL;
