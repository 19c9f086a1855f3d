-- OpenID Connect: keys that sign, what is said of a sign-in, and telling applications that it has ended.

-- A key that signs what others verify. Which of an algorithm's keys signs follows from the times alone, so that all
-- nodes agree without asking each other; two nodes that make the same generation at once make one.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    alg TEXT NOT NULL,
    generation BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    -- Encrypted under the server's secret key.
    private_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    active_at BIGINT NOT NULL,
    UNIQUE (alg, generation)
);

ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';

-- Standard claims of a user that have no column of their own, as JSON.
ALTER TABLE users ADD COLUMN claims TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN updated_at BIGINT;

-- What OpenID Connect adds to a client's registration, as JSON.
ALTER TABLE clients ADD COLUMN openid TEXT NOT NULL DEFAULT '{}';

-- What the id_tokens of a family say of the sign-in, and in which session that was. It outlives the session and the
-- family: as long as either is there somebody may ask about the other.
CREATE TABLE sign_ins (
    family_id BYTEA NOT NULL PRIMARY KEY,
    session_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    authenticated_at BIGINT NOT NULL,
    amr TEXT NOT NULL,
    nonce TEXT,
    claims TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    logged_out_at BIGINT
);
CREATE INDEX sign_ins_by_session ON sign_ins (session_id);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);
CREATE INDEX sign_ins_by_client ON sign_ins (client_id);
CREATE INDEX sign_ins_by_end ON sign_ins (expires_at);

-- Applications that are yet to be told that a session has ended.
CREATE TABLE logout_deliveries (
    id BYTEA NOT NULL PRIMARY KEY,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    subject TEXT NOT NULL,
    sid TEXT,
    uri TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX logout_deliveries_by_client ON logout_deliveries (client_id);
CREATE INDEX logout_deliveries_by_time ON logout_deliveries (next_at);
