-- What the later standards need: resources (RFC 8707), proofs of possession (RFC 9449), keys of clients (RFC 7523),
-- pushed requests (RFC 9126), devices (RFC 8628), exchanged tokens (RFC 8693), details (RFC 9396) and clients that
-- register themselves (RFC 7591, RFC 7592).

-- An API that accepts tokens. Two texts that name the same one have the same canonical form.
CREATE TABLE resources (
    uri TEXT NOT NULL PRIMARY KEY,
    canonical TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A kind of authorization detail: the sentence that the consent page shows, and the JSON Schema of its members.
CREATE TABLE authorization_detail_types (
    name TEXT NOT NULL PRIMARY KEY,
    description TEXT NOT NULL,
    schema TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

ALTER TABLE clients ADD COLUMN resources TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN jwks TEXT;
ALTER TABLE clients ADD COLUMN jwks_uri TEXT;
ALTER TABLE clients ADD COLUMN require_par BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN require_signed_request BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clients ADD COLUMN dpop_bound BOOLEAN NOT NULL DEFAULT FALSE;
-- Further members of its metadata (RFC 7591 §2), as JSON.
ALTER TABLE clients ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
ALTER TABLE clients ADD COLUMN registration_hash BLOB;
ALTER TABLE clients ADD COLUMN used_at BIGINT;
ALTER TABLE clients ADD COLUMN document_expires_at BIGINT;
CREATE UNIQUE INDEX clients_by_registration ON clients (registration_hash) WHERE registration_hash IS NOT NULL;
CREATE INDEX clients_by_origin ON clients (origin, created_at);

-- The service accounts that a client may act as, by its signature alone (RFC 7523 §2.1).
CREATE TABLE client_service_accounts (
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (client_id, user_id)
);
CREATE INDEX client_service_accounts_by_user ON client_service_accounts (user_id);

ALTER TABLE grants ADD COLUMN resources TEXT NOT NULL DEFAULT '';

ALTER TABLE families ADD COLUMN resources TEXT NOT NULL DEFAULT '';
ALTER TABLE families ADD COLUMN details TEXT;
ALTER TABLE families ADD COLUMN key_thumbprint TEXT;

ALTER TABLE codes ADD COLUMN key_thumbprint TEXT;

ALTER TABLE access_tokens ADD COLUMN resources TEXT NOT NULL DEFAULT '';
ALTER TABLE access_tokens ADD COLUMN details TEXT;
ALTER TABLE access_tokens ADD COLUMN key_thumbprint TEXT;
-- What it was exchanged for (RFC 8693): it lives no longer than that.
ALTER TABLE access_tokens ADD COLUMN parent_kind TEXT;
ALTER TABLE access_tokens ADD COLUMN parent_hash BLOB;
ALTER TABLE access_tokens ADD COLUMN actor TEXT;

CREATE TABLE pushed_requests (
    hash BLOB NOT NULL PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    parameters TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    consumed_at BIGINT
);
CREATE INDEX pushed_requests_by_client ON pushed_requests (client_id);
CREATE INDEX pushed_requests_by_end ON pushed_requests (expires_at);

-- A device that waits for somebody to type its code (RFC 8628). Who typed it first is who decides.
CREATE TABLE device_codes (
    hash BLOB NOT NULL PRIMARY KEY,
    user_code_hash BLOB NOT NULL UNIQUE,
    client_id BLOB NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    details TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    interval_seconds BIGINT NOT NULL,
    polled_at BIGINT,
    session_id BLOB,
    decided_at BIGINT,
    family_id BLOB REFERENCES families (id) ON DELETE CASCADE,
    consumed_at BIGINT
);
CREATE INDEX device_codes_by_client ON device_codes (client_id);
CREATE INDEX device_codes_by_family ON device_codes (family_id);
CREATE INDEX device_codes_by_end ON device_codes (expires_at);

-- What may be used once: the ids of proofs and assertions that were used, hashed with whom they are of.
CREATE TABLE replays (
    hash BLOB NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX replays_by_end ON replays (expires_at);

CREATE TABLE initial_access_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    uses_left BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX initial_access_tokens_by_end ON initial_access_tokens (expires_at) WHERE expires_at IS NOT NULL;
