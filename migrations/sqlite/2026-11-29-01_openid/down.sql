DROP TABLE logout_deliveries;
DROP TABLE sign_ins;
ALTER TABLE clients DROP COLUMN openid;
ALTER TABLE users DROP COLUMN updated_at;
ALTER TABLE users DROP COLUMN claims;
ALTER TABLE sessions DROP COLUMN amr;
DROP TABLE signing_keys;
