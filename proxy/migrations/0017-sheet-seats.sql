-- A seat of role cell that answers one spreadsheet's formulas: what its add-on says of that spreadsheet, which is not its id.
ALTER TABLE seat ADD COLUMN spreadsheet TEXT CHECK(spreadsheet IS NULL OR role = 'cell');
CREATE UNIQUE INDEX seat_by_spreadsheet ON seat(workspace_id, spreadsheet) WHERE spreadsheet IS NOT NULL AND revoked_at IS NULL;
