-- The language of the page from which a mail was asked for; without it the mail is in the language of its reader, or of the
-- server.
ALTER TABLE mails ADD COLUMN language TEXT;
