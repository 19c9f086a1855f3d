//! Statements that are prepared once for each connection. diesel's own `update` is parsed anew at each use, for its text
//! may depend on the values; the text of these does not.

/// An `UPDATE` of fixed text: pieces of it, and between them the values.
macro_rules! fixed_update {
    ($name:ident: $($text:literal $field:ident: $rust:ty as $sql:ty,)+) => {
        struct $name<'a> {
            $($field: $rust,)+
            of: std::marker::PhantomData<&'a ()>,
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<C> diesel::RunQueryDsl<C> for $name<'_> {}

        $crate::store::fixed::fixed_update!(on diesel::pg::Pg, $name: $($text $field as $sql,)+);
        $crate::store::fixed::fixed_update!(on diesel::sqlite::Sqlite, $name: $($text $field as $sql,)+);

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
    (on $backend:ty, $name:ident: $($text:literal $field:ident as $sql:ty,)+) => {
        impl diesel::query_builder::QueryFragment<$backend> for $name<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, $backend>,
            ) -> diesel::QueryResult<()> {
                $(
                    out.push_sql($text);
                    out.push_bind_param::<$sql, _>(&self.$field)?;
                )+
                Ok(())
            }
        }
    };
}

pub(super) use fixed_update;
