-- What the console sorts by and counts, found by an index.
CREATE INDEX clients_by_name ON clients (name, id);
CREATE INDEX api_keys_by_end ON api_keys (COALESCE(expires_at, 9223372036854775807), id) WHERE revoked_at IS NULL;
CREATE INDEX audit_by_event ON audit (event, at);

-- How much goes on, for the overview: a few rows a day.
CREATE TABLE traffic_by_day (
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, kind)
);
