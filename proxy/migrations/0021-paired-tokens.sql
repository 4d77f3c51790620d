-- What the token of a pairing's seat is made of, beside the secret that only the add-on has: while its row is there, who lost the reply gets
-- the same token again. It goes with the row.
ALTER TABLE pairing ADD COLUMN token_salt TEXT;
