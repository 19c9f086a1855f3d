-- The tables of the main job. Ids are UUIDs (16 bytes), times are milliseconds since the Unix epoch, lists are texts.

-- Facts about this database itself.
CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE roles (
    name TEXT NOT NULL PRIMARY KEY,
    canonical TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO roles (name, canonical, description, created_at)
VALUES ('admin', 'admin', 'May do everything, built in', 0);

CREATE TABLE users (
    id BYTEA NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_canonical TEXT NOT NULL UNIQUE,
    email TEXT,
    email_canonical TEXT UNIQUE,
    full_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'service')),
    password_hash TEXT,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    password_changed_at BIGINT,
    last_login_at BIGINT
);

CREATE TABLE user_roles (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_name TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_name)
);
CREATE INDEX user_roles_by_role ON user_roles (role_name);

CREATE TABLE scopes (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A scope that stands here is granted only to those who hold one of its roles.
CREATE TABLE scope_roles (
    scope_name TEXT NOT NULL REFERENCES scopes (name) ON DELETE CASCADE,
    role_name TEXT NOT NULL REFERENCES roles (name),
    PRIMARY KEY (scope_name, role_name)
);
CREATE INDEX scope_roles_by_role ON scope_roles (role_name);

CREATE TABLE clients (
    id BYTEA NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    auth_method TEXT NOT NULL,
    grant_types TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    scopes TEXT NOT NULL,
    needed_scopes TEXT NOT NULL,
    trusted BOOLEAN NOT NULL,
    require_pkce BOOLEAN NOT NULL,
    enabled BOOLEAN NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE client_secrets (
    hash BYTEA NOT NULL PRIMARY KEY,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX client_secrets_by_client ON client_secrets (client_id);
CREATE INDEX client_secrets_by_end ON client_secrets (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE client_roles (
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    role_name TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
    PRIMARY KEY (client_id, role_name)
);
CREATE INDEX client_roles_by_role ON client_roles (role_name);

CREATE TABLE sessions (
    id BYTEA NOT NULL PRIMARY KEY,
    hash BYTEA NOT NULL UNIQUE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    authenticated_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_idle_end ON sessions (idle_expires_at);

CREATE TABLE grants (
    id BYTEA NOT NULL PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX grants_by_user ON grants (user_id, client_id);
CREATE INDEX grants_by_client ON grants (client_id);

-- A request that a signed-in user has before them; it is decided once.
CREATE TABLE authorization_requests (
    id BYTEA NOT NULL PRIMARY KEY,
    session_id BYTEA NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    parameters TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE INDEX authorization_requests_by_session ON authorization_requests (session_id);
CREATE INDEX authorization_requests_by_end ON authorization_requests (expires_at);

-- All tokens that came of one authorization code: what ends here ends for each of them.
CREATE TABLE families (
    id BYTEA NOT NULL PRIMARY KEY,
    grant_id BYTEA NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX families_by_grant ON families (grant_id);
CREATE INDEX families_by_user ON families (user_id);
CREATE INDEX families_by_client ON families (client_id);
CREATE INDEX families_by_end ON families (expires_at);

CREATE TABLE codes (
    hash BYTEA NOT NULL PRIMARY KEY,
    family_id BYTEA NOT NULL UNIQUE REFERENCES families (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    redirect_uri_was_sent BOOLEAN NOT NULL,
    code_challenge TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);

-- The unique parent makes a fork of a family impossible, whatever the code above it does.
CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    family_id BYTEA NOT NULL REFERENCES families (id) ON DELETE CASCADE,
    parent_hash BYTEA UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    successor_salt BYTEA,
    successor_request BYTEA
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);

CREATE TABLE access_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    client_id BYTEA NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    family_id BYTEA REFERENCES families (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX access_tokens_by_family ON access_tokens (family_id);
CREATE INDEX access_tokens_by_client ON access_tokens (client_id);
CREATE INDEX access_tokens_by_own_client ON access_tokens (client_id) WHERE family_id IS NULL;
CREATE INDEX access_tokens_by_end ON access_tokens (expires_at);

-- Full access is a fact of its own: an empty list of scopes never means "all".
CREATE TABLE api_keys (
    id BYTEA NOT NULL PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    api_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    full_access BOOLEAN NOT NULL,
    scopes TEXT NOT NULL,
    roles TEXT,
    allowed_addresses TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT,
    last_used_at BIGINT,
    CHECK (full_access OR scopes <> '')
);
CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE api_key_secrets (
    hash BYTEA NOT NULL PRIMARY KEY,
    key_id BYTEA NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX api_key_secrets_by_key ON api_key_secrets (key_id);
CREATE INDEX api_key_secrets_by_end ON api_key_secrets (expires_at) WHERE expires_at IS NOT NULL;

-- Failures within the window that began at started_at, by what they are counted for.
CREATE TABLE attempts (
    bucket BYTEA NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    failures BIGINT NOT NULL
);
CREATE INDEX attempts_by_end ON attempts (expires_at);

CREATE TABLE setup_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    consumed_at BIGINT
);

-- Who did what to what, when, from where, with which credential. Nothing edits or deletes an entry.
CREATE TABLE audit (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    credential TEXT,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    address TEXT,
    request_id TEXT
);
CREATE INDEX audit_by_time ON audit (at);
