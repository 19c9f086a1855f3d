DROP INDEX audit_by_subject;
DROP INDEX audit_by_actor;
DROP TABLE mail_links;
DROP TABLE mails;
