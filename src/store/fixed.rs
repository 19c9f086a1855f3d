//! Statements that are prepared once for each connection. diesel writes the text of its own `insert` and `update` anew at
//! each use, for it may depend on the values; the text of these does not.

/// A statement of fixed text that returns no rows: pieces of it, between them the values, and how it ends.
macro_rules! fixed {
    ($name:ident: $($text:literal $field:ident: $rust:ty as $sql:ty,)* $(; $end:literal)?) => {
        struct $name<'a> {
            $($field: $rust,)*
            of: std::marker::PhantomData<&'a ()>,
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<C> diesel::RunQueryDsl<C> for $name<'_> {}

        $crate::store::fixed::fixed!(on diesel::pg::Pg, $name: $($text $field as $sql,)* $(; $end)?);
        $crate::store::fixed::fixed!(on diesel::sqlite::Sqlite, $name: $($text $field as $sql,)* $(; $end)?);

        impl $name<'_> {
            /// How many rows it changed.
            fn run(self, conn: &mut $crate::store::conn::Conn) -> diesel::QueryResult<usize> {
                match conn {
                    $crate::store::conn::Conn::Postgres(conn) => diesel::RunQueryDsl::execute(self, conn),
                    $crate::store::conn::Conn::Sqlite(conn) => diesel::RunQueryDsl::execute(self, conn),
                }
            }
        }
    };
    (on $backend:ty, $name:ident: $($text:literal $field:ident as $sql:ty,)* $(; $end:literal)?) => {
        impl diesel::query_builder::QueryFragment<$backend> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $backend>,
            ) -> diesel::QueryResult<()> {
                $(
                    out.push_sql($text);
                    out.push_bind_param::<$sql, _>(&self.$field)?;
                )*
                $(out.push_sql($end);)?
                Ok(())
            }
        }
    };
}

pub(super) use fixed;
