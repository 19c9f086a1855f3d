-- Mail that waits to be sent, and the links that it carries.

-- Mail that is yet to be sent. It holds no secret: a link is made when the mail is sent. What strangers ask for has a row
-- whether or not there is somebody to send it to, so that asking is the same work in both cases.
CREATE TABLE mails (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id BYTEA REFERENCES users (id) ON DELETE CASCADE,
    email TEXT,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX mails_by_user ON mails (user_id);
CREATE INDEX mails_by_time ON mails (next_at);

-- Links that were sent, by the hashes of their tokens. A link that is used, or followed by a newer one, is deleted.
CREATE TABLE mail_links (
    hash BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id BYTEA REFERENCES users (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_canonical TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX mail_links_by_user ON mail_links (user_id);
CREATE INDEX mail_links_by_email ON mail_links (email_canonical);
CREATE INDEX mail_links_by_end ON mail_links (expires_at);

-- What was done by somebody or to somebody: each person sees their own, without a walk through all that there is.
CREATE INDEX audit_by_actor ON audit (actor, at);
CREATE INDEX audit_by_subject ON audit (subject, at);
