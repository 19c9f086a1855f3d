//! What is exchanged for tokens, a code (RFC 6749 §4.1.3) or a refresh token (RFC 6749 §6), together with the family and
//! the grant that it hangs on: one statement, for each is a message there and back on PostgreSQL.

use diesel::prelude::*;

use crate::model::grant::Code;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::grant::RefreshToken;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::codes;
use crate::store::conn::on_either;
use crate::store::families;
use crate::store::grants;
use crate::store::refresh_tokens;
use crate::store::schema;

/// A row of a table whose rows hang on a family, with that family and its grant, by the hash of what is presented.
macro_rules! with_grant {
    ($table:ident by $hash:expr) => {
        schema::$table::table
            .inner_join(schema::families::table.inner_join(schema::grants::table))
            .filter(schema::$table::hash.eq($hash))
            .select(($table::Row::as_select(), families::Row::as_select(), grants::Row::as_select()))
    };
}

impl Tx<'_> {
    /// The code with this hash, used or not.
    ///
    /// # Errors
    /// What the database says.
    pub fn find_code(&mut self, hash: &TokenHash) -> Result<Option<(Code, Family, Grant)>, StoreError> {
        let row: Option<(codes::Row, families::Row, grants::Row)> =
            on_either!(self.conn, conn => with_grant!(codes by hash.as_bytes()).get_result(conn)).optional()?;
        row.map(|(code, family, grant)| Ok((code.into_code()?, family.into_family()?, grant.into_grant()?))).transpose()
    }

    /// The refresh token with this hash, used or not.
    ///
    /// # Errors
    /// What the database says.
    pub fn find_refresh_token(
        &mut self,
        hash: &TokenHash,
    ) -> Result<Option<(RefreshToken, Family, Grant)>, StoreError> {
        let row: Option<(refresh_tokens::Row, families::Row, grants::Row)> =
            on_either!(self.conn, conn => with_grant!(refresh_tokens by hash.as_bytes()).get_result(conn))
                .optional()?;
        row.map(|(token, family, grant)| Ok((token.into_token()?, family.into_family()?, grant.into_grant()?)))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use diesel::sqlite::Sqlite;

    use super::*;
    use crate::store::plan;

    #[test]
    fn what_is_exchanged_for_tokens_is_found_by_indexes_alone() {
        let hash = [0_u8; 32];
        let plans = plan::steps([
            diesel::debug_query::<Sqlite, _>(&with_grant!(codes by &hash[..])).to_string(),
            diesel::debug_query::<Sqlite, _>(&with_grant!(refresh_tokens by &hash[..])).to_string(),
        ]);
        for plan in plans {
            assert_eq!((plan::searches(&plan), plan.len()), (3, 3), "{plan:?}");
        }
    }
}
