//! Mail that is yet to be sent.

use diesel::prelude::*;

use crate::model::email::Email;
use crate::model::id::MailId;
use crate::model::mail::Mail;
use crate::model::mail::MailKind;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::mails;

/// The table `mails`.
pub struct Mails<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Mail that is yet to be sent.
    pub fn mails(&mut self) -> Mails<'_> {
        Mails(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = mails, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    kind: String,
    user_id: Option<Vec<u8>>,
    email: Option<String>,
    attempts: i64,
    next_at: i64,
    created_at: i64,
    language: Option<String>,
}

impl Row {
    fn into_mail(self) -> Result<Mail, StoreError> {
        let email = self.email.as_deref().map(Email::parse).transpose();
        Ok(Mail {
            id: columns::id(&self.id)?,
            kind: MailKind::parse(&self.kind).ok_or(StoreError::Corrupt("a kind of mail is unknown"))?,
            user: self.user_id.as_deref().map(columns::id).transpose()?,
            email: email.map_err(|_| StoreError::Corrupt("an e-mail address is not one"))?,
            attempts: self.attempts,
            next_at: Timestamp::from_millis(self.next_at),
            created_at: Timestamp::from_millis(self.created_at),
            language: self.language,
        })
    }
}

impl Mails<'_> {
    /// Adds one.
    pub fn insert(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let row = Row {
            id: mail.id.as_bytes().to_vec(),
            kind: mail.kind.as_str().to_owned(),
            user_id: mail.user.map(|user| user.as_bytes().to_vec()),
            email: mail.email.as_ref().map(|email| email.as_str().to_owned()),
            attempts: mail.attempts,
            next_at: mail.next_at.millis(),
            created_at: mail.created_at.millis(),
            language: mail.language.clone(),
        };
        diesel::insert_into(mails::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` of those whose time has come at `now`, the longest due first.
    pub fn find_due(&mut self, now: Timestamp, limit: i64) -> Result<Vec<Mail>, StoreError> {
        let rows: Vec<Row> = mails::table
            .filter(mails::next_at.le(now.millis()))
            .order((mails::next_at, mails::id))
            .limit(limit)
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_mail).collect()
    }

    /// Takes one for one more attempt, after which it is due again at `next_at`. `false` where another node was first, or
    /// it is there no more.
    pub fn claim(&mut self, mail: &Mail, next_at: Timestamp) -> Result<bool, StoreError> {
        let this = mails::table.filter(mails::id.eq(mail.id.as_bytes())).filter(mails::attempts.eq(mail.attempts));
        let columns = (mails::attempts.eq(mail.attempts + 1), mails::next_at.eq(next_at.millis()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Takes one out for good. `false` where it was out already.
    pub fn delete(&mut self, id: MailId) -> Result<bool, StoreError> {
        Ok(diesel::delete(mails::table.filter(mails::id.eq(id.as_bytes()))).execute(self.0)? == 1)
    }
}
