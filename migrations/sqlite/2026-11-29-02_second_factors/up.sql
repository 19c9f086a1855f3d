-- Second factors: what people show beside their password, or in its place.

-- An app that makes one-time codes (RFC 6238).
CREATE TABLE totp_factors (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- Encrypted under the server's secret key.
    secret BLOB NOT NULL,
    -- The step of the last code that was taken; no earlier one is taken again.
    last_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

-- For whoever has lost all else: a keyed hash each, good once.
CREATE TABLE recovery_codes (
    hash BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

-- Who holds such a role, or signs in to such a client, needs a second factor.
ALTER TABLE roles ADD COLUMN require_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN require_second_factor BOOLEAN NOT NULL DEFAULT FALSE;
