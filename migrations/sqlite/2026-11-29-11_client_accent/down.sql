ALTER TABLE clients DROP COLUMN accent;
