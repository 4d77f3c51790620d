-- From whose seat this one was made: for the formulas of a spreadsheet, or on another device. It shares that seat's daily limit, and ends
-- with it. The one that has no maker itself: a seat made from a made one names the first.
ALTER TABLE seat ADD COLUMN made_from TEXT REFERENCES seat(id);
CREATE INDEX seat_by_maker ON seat(made_from) WHERE made_from IS NOT NULL;
