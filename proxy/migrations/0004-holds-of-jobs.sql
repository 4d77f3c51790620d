-- Which bulk run a hold pays for; null: cells.
ALTER TABLE hold ADD COLUMN job_id TEXT;
CREATE INDEX hold_by_job ON hold(job_id) WHERE job_id IS NOT NULL;
