-- Whose seat made this one: for the formulas of a spreadsheet, or on another device. What it spends counts for the daily limits of those
-- above it too, and it ends when one of them is revoked.
ALTER TABLE seat ADD COLUMN made_from TEXT REFERENCES seat(id);
CREATE INDEX seat_by_maker ON seat(made_from) WHERE made_from IS NOT NULL;
