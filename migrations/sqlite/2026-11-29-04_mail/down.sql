DROP TABLE mail_links;
DROP TABLE mails;
