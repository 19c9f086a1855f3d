-- Why requests were refused, for a while: the newest so many of a week. No part of it is a secret. Ids are those of requests,
-- whose first 48 bits are the time, so that the newest are found without an index of their own.
CREATE TABLE refusals (
    id BYTEA NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    surface TEXT NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    status BIGINT NOT NULL,
    client TEXT,
    user_id TEXT,
    credential TEXT,
    address TEXT,
    failed TEXT NOT NULL,
    checks TEXT NOT NULL
);
