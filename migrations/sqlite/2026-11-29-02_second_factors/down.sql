ALTER TABLE clients DROP COLUMN require_second_factor;
ALTER TABLE roles DROP COLUMN require_second_factor;
DROP TABLE recovery_codes;
DROP TABLE totp_factors;
