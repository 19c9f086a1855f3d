//! Links that were sent by mail, by the hashes of their tokens.

use diesel::prelude::*;

use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::mail::MailKind;
use crate::model::mail::MailLink;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::mail_links;

/// The table `mail_links`.
pub struct MailLinks<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Links that were sent by mail.
    pub fn mail_links(&mut self) -> MailLinks<'_> {
        MailLinks(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = mail_links, treat_none_as_default_value = false)]
struct Row {
    hash: Vec<u8>,
    kind: String,
    user_id: Option<Vec<u8>>,
    email: String,
    email_canonical: String,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_link(self) -> Result<MailLink, StoreError> {
        Ok(MailLink {
            hash: TokenHash::from_slice(&self.hash).ok_or(StoreError::Corrupt("a hash is not 32 bytes long"))?,
            kind: MailKind::parse(&self.kind).ok_or(StoreError::Corrupt("a kind of mail is unknown"))?,
            user: self.user_id.as_deref().map(columns::id).transpose()?,
            email: Email::parse(&self.email).map_err(|_| StoreError::Corrupt("an e-mail address is not one"))?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
        })
    }
}

impl MailLinks<'_> {
    /// Adds one.
    pub fn insert(&mut self, link: &MailLink) -> Result<(), StoreError> {
        let row = Row {
            hash: link.hash.as_bytes().to_vec(),
            kind: link.kind.as_str().to_owned(),
            user_id: link.user.map(|user| user.as_bytes().to_vec()),
            email: link.email.as_str().to_owned(),
            email_canonical: link.email.canonical().to_owned(),
            created_at: link.created_at.millis(),
            expires_at: link.expires_at.millis(),
        };
        diesel::insert_into(mail_links::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The link with this token, if it is good at `now`.
    pub fn find(&mut self, hash: &TokenHash, now: Timestamp) -> Result<Option<MailLink>, StoreError> {
        let row: Option<Row> = mail_links::table
            .filter(mail_links::hash.eq(hash.as_bytes()))
            .filter(mail_links::expires_at.gt(now.millis()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(Row::into_link).transpose()
    }

    /// Lets a link to the address `email` end later. `false` where there is none: it was used, or a newer one has ended it.
    pub fn renew(&mut self, hash: &TokenHash, email: &Email, expires_at: Timestamp) -> Result<bool, StoreError> {
        let this = mail_links::table
            .filter(mail_links::hash.eq(hash.as_bytes()))
            .filter(mail_links::email_canonical.eq(email.canonical()));
        Ok(diesel::update(this).set(mail_links::expires_at.eq(expires_at.millis())).execute(self.0)? == 1)
    }

    /// Uses the link up. `false` where somebody else was first.
    pub fn consume(&mut self, hash: &TokenHash) -> Result<bool, StoreError> {
        Ok(diesel::delete(mail_links::table.filter(mail_links::hash.eq(hash.as_bytes()))).execute(self.0)? == 1)
    }

    /// Ends all links of a kind that a user has.
    pub fn end_of_user(&mut self, user: UserId, kind: MailKind) -> Result<(), StoreError> {
        let these = mail_links::table
            .filter(mail_links::user_id.eq(user.as_bytes()))
            .filter(mail_links::kind.eq(kind.as_str()));
        diesel::delete(these).execute(self.0)?;
        Ok(())
    }

    /// Ends all links of a kind that were sent to an address of nobody's.
    pub fn end_of_address(&mut self, email: &Email, kind: MailKind) -> Result<(), StoreError> {
        let these = mail_links::table
            .filter(mail_links::email_canonical.eq(email.canonical()))
            .filter(mail_links::user_id.is_null())
            .filter(mail_links::kind.eq(kind.as_str()));
        diesel::delete(these).execute(self.0)?;
        Ok(())
    }
}
