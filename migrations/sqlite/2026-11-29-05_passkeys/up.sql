-- Keys of authenticators (Web Authentication Level 3, §4, credential record). All of them are public.
CREATE TABLE passkeys (
    id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- What the authenticator calls it.
    credential_id BLOB NOT NULL UNIQUE,
    -- COSE_Key (RFC 9052 §7).
    public_key BLOB NOT NULL,
    -- The authenticator's own count of its signatures; 0 where it keeps none.
    sign_count BIGINT NOT NULL,
    -- The ways to reach the authenticator, separated by spaces.
    transports TEXT NOT NULL,
    -- Whether the authenticator has made sure of its person while something else showed who that was.
    user_verified BOOLEAN NOT NULL,
    -- Whether it may be copied to other devices, and whether it is.
    backup_eligible BOOLEAN NOT NULL,
    backed_up BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);
