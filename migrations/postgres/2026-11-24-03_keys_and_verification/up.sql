-- API keys as a product, and one check for every credential.

-- Made elsewhere and brought here: its public half and its secret have another form than ours.
ALTER TABLE api_keys ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE;
-- A decoy is never let in, and whoever tries it raises an alarm.
ALTER TABLE api_keys ADD COLUMN decoy BOOLEAN NOT NULL DEFAULT FALSE;
-- How often it may be used: `name=requests/seconds`, one for each window.
ALTER TABLE api_keys ADD COLUMN limits TEXT NOT NULL DEFAULT '';
-- Until then its requests pass, and are counted as those that a revocation would stop.
ALTER TABLE api_keys ADD COLUMN trial_until BIGINT;
-- The key that this one was made to take the place of, with fewer rights.
ALTER TABLE api_keys ADD COLUMN replaces BYTEA;
ALTER TABLE api_keys ADD COLUMN last_used_address TEXT;
ALTER TABLE api_keys ADD COLUMN last_used_agent TEXT;
ALTER TABLE api_keys ADD COLUMN alarmed_at BIGINT;

-- How an imported secret is presented: `pair`, with its public half beside it, or `alone` as well. NULL for our own.
ALTER TABLE api_key_secrets ADD COLUMN imported TEXT;
CREATE INDEX api_key_secrets_imported ON api_key_secrets (key_id) WHERE imported IS NOT NULL;
-- A client's secret that was made elsewhere.
ALTER TABLE client_secrets ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX client_secrets_imported ON client_secrets (client_id) WHERE imported;

-- How often a key was used on a day (days since the Unix epoch, UTC), by what became of it.
CREATE TABLE api_key_usage (
    key_id BYTEA NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    day BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (key_id, day, outcome)
);
CREATE INDEX api_key_usage_by_day ON api_key_usage (day);

-- From where and by what program a key was used.
CREATE TABLE api_key_callers (
    key_id BYTEA NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    would_fail BIGINT NOT NULL,
    PRIMARY KEY (key_id, address, agent)
);
CREATE INDEX api_key_callers_by_time ON api_key_callers (last_at);

-- Which scopes a key's requests needed, and when last.
CREATE TABLE api_key_scopes_used (
    key_id BYTEA NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (key_id, scope)
);

-- What the servers have taken of a key's limits in the window that is running.
CREATE TABLE api_key_windows (
    key_id BYTEA NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (key_id, name)
);

-- What a user has to be told.
CREATE TABLE notices (
    id BYTEA NOT NULL PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX notices_by_user ON notices (user_id);

-- The one-time way from a session to a cookie for another host, good only at the check.
CREATE TABLE verify_tickets (
    hash BYTEA NOT NULL PRIMARY KEY,
    session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    return_to TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX verify_tickets_by_session ON verify_tickets (session_id);
CREATE INDEX verify_tickets_by_end ON verify_tickets (expires_at);

CREATE TABLE verify_sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX verify_sessions_by_session ON verify_sessions (session_id);
