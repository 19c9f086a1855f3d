//! The tables: the same on both databases, the same up, down and up again, and with rules that hold whatever the code
//! above them does.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::result::DatabaseErrorKind;
use diesel::result::Error as DieselError;
use hallpass::model::id::RequestId;
use hallpass::model::id::SessionId;
use hallpass::model::id::UserId;
use hallpass::model::role::RoleName;
use hallpass::model::session::Session;
use hallpass::model::token::TokenKind;
use hallpass::random::Random;
use hallpass::server::open_store;
use hallpass::store::StoreError;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::database::Database;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn names_in(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(repository(folder)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Whoever changes one of them and forgets the other has two products.
#[test]
fn both_databases_have_the_same_migrations() {
    let (sqlite, postgres) = (names_in("migrations/sqlite"), names_in("migrations/postgres"));
    assert_eq!(sqlite, postgres);
    for name in &sqlite {
        for file in ["up.sql", "down.sql"] {
            let read = |kind: &str| std::fs::read_to_string(repository(&format!("migrations/{kind}/{name}/{file}")));
            let (sqlite, postgres) = (read("sqlite").unwrap(), read("postgres").unwrap());
            assert_eq!(sqlite.replace(" BLOB", " BYTEA"), postgres, "{name}/{file}");
        }
    }
}

/// The whole schema as the database itself tells it, one line for each part.
fn schema(database: &Database) -> Vec<String> {
    if !database.is_postgres() {
        return database.lines(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master \
             WHERE name NOT LIKE '%diesel%' ORDER BY 1",
        );
    }
    database.lines(
        "SELECT 'column ' || table_name || ' ' || ordinal_position || ' ' || column_name || ' ' || data_type || ' ' \
                || is_nullable || ' ' || coalesce(column_default, '') AS line \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '%diesel%' \
         UNION ALL \
         SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '%diesel%' \
         UNION ALL \
         SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '%diesel%' \
         ORDER BY 1",
    )
}

/// A migration that can't be taken back is one that can't be tried.
#[test]
fn migrations_up_down_and_up_again_give_the_same_schema() {
    let database = Database::create();
    let store = open_store(&config(&database, "")).unwrap();
    store.migrate().unwrap();
    let first = schema(&database);
    assert!(first.len() >= 40, "{first:#?}");
    assert_eq!(store.migrate().unwrap(), 0);
    store.unmigrate().unwrap();
    assert_eq!(schema(&database), Vec::<String>::new());
    assert_eq!(store.migrate().unwrap(), names_in("migrations/sqlite").len());
    assert_eq!(schema(&database), first);
    assert_eq!(database.lines("SELECT name AS line FROM roles"), ["admin"]);
}

/// A table: its columns in their order with type and whether they may be null, and its primary key.
type Table = (Vec<(String, String)>, Vec<String>);

/// What src/store/schema.rs says.
fn declared() -> BTreeMap<String, Table> {
    let text = std::fs::read_to_string(repository("src/store/schema.rs")).unwrap();
    let mut tables = BTreeMap::new();
    for table in text.split("diesel::table! {").skip(1) {
        let (head, rest) = table.split_once('{').unwrap();
        let (name, key) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let columns = rest.split_once('}').unwrap().0.lines().map(str::trim).filter(|line| !line.is_empty());
        let columns = columns.map(|line| {
            let (column, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            (column.to_owned(), kind.to_owned())
        });
        let key = key.split(", ").map(str::to_owned).collect();
        tables.insert(name.trim().to_owned(), (columns.collect(), key));
    }
    tables
}

/// What the database says, in diesel's words.
fn actual(database: &Database) -> BTreeMap<String, Table> {
    let lines = if database.is_postgres() {
        database.lines(
            "SELECT c.table_name || ' ' || c.column_name || ' ' || c.data_type || ' ' \
                    || CASE c.is_nullable WHEN 'YES' THEN '1' ELSE '0' END || ' ' \
                    || coalesce((SELECT array_position(i.indkey::int[], c.ordinal_position::int) \
                                 FROM pg_index i WHERE i.indisprimary AND i.indrelid = c.table_name::regclass), -1) + 1 \
                    AS line \
             FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position",
        )
    } else {
        database.lines(
            "SELECT m.name || ' ' || t.name || ' ' || lower(t.type) || ' ' || (1 - t.\"notnull\") || ' ' || t.pk AS line \
             FROM sqlite_master m JOIN pragma_table_info(m.name) t WHERE m.type = 'table' ORDER BY m.name, t.cid",
        )
    };
    let (mut tables, mut keys): (BTreeMap<String, Table>, BTreeMap<String, BTreeMap<u32, String>>) = Default::default();
    for line in lines.iter().filter(|line| !line.contains("diesel")) {
        let words: Vec<&str> = line.split(' ').collect();
        let [table, column, kind, nullable, key] = words[..] else { panic!("{line}") };
        let kind = match kind {
            "text" => "Text",
            "bigint" => "BigInt",
            "integer" => "Integer",
            "smallint" => "SmallInt",
            "boolean" => "Bool",
            "blob" | "bytea" => "Binary",
            other => panic!("{other} is no type that both databases have: {line}"),
        };
        let kind = if nullable == "1" { format!("Nullable<{kind}>") } else { kind.to_owned() };
        tables.entry(table.to_owned()).or_default().0.push((column.to_owned(), kind));
        let key: u32 = key.parse().unwrap();
        if key > 0 {
            keys.entry(table.to_owned()).or_default().insert(key, column.to_owned());
        }
    }
    for (table, keys) in keys {
        tables.entry(table).or_default().1 = keys.into_values().collect();
    }
    tables
}

#[test]
fn the_tables_in_the_code_are_those_in_the_database() {
    let database = Database::create();
    open_store(&config(&database, "")).unwrap().migrate().unwrap();
    let (declared, actual) = (declared(), actual(&database));
    assert_eq!(declared.keys().collect::<Vec<_>>(), actual.keys().collect::<Vec<_>>());
    for (name, table) in &declared {
        assert_eq!(table, &actual[name], "{name}");
    }
}

/// All that a sign-in, a code, tokens and a key leave in the database.
async fn with_everything() -> (TestApp, Vec<(&'static str, String)>) {
    let app = TestApp::start().await;
    let setup = app.setup_url.as_ref().unwrap().split("token=").nth(1).unwrap().to_owned();
    let ada = app.person("ada", &["admin"]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let key = app.key(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let location = app.authorize(&browser, &client, &[]).await;
    let code = parameters(&location)["code"].clone();
    let tokens = app.redeem(&client, &code).await.json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let first = text("refresh_token");
    let refreshed = app.refresh(&client, &first).await.json();
    let secrets = vec![
        ("the password", PASSWORD.to_owned()),
        ("the setup token", setup),
        ("the session's cookie", browser.cookie("hallpass_session").unwrap()),
        ("the browser's proof", browser.cookie("hallpass_device").unwrap()),
        ("the form's token", browser.csrf_token("/account").await),
        ("the code", code),
        ("the code's verifier", crate::support::flow::VERIFIER.to_owned()),
        ("the access token", text("access_token")),
        ("the refresh token", first),
        ("the next refresh token", refreshed["refresh_token"].as_str().unwrap().to_owned()),
        ("the next access token", refreshed["access_token"].as_str().unwrap().to_owned()),
        ("the client's secret", client.secret.clone()),
        ("the key's secret", key.api_secret.clone()),
        ("the server's key", "5f0c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6".to_owned()),
    ];
    (app, secrets)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whoever steals the database can't be anybody: it holds hashes alone.
#[tokio::test]
async fn no_secret_stands_in_the_database() {
    let (app, secrets) = with_everything().await;
    let contains = |all: &[u8], text: &str| all.windows(text.len()).any(|window| window == text.as_bytes());
    let all = app.database.dump();
    // What is no secret is there, so what is looked for could be found.
    assert!(contains(&all, "ada") && contains(&all, "hp_key_") && contains(&all, "$argon2id$"));
    for (what, secret) in &secrets {
        // What stands behind a prefix is looked for alone, too. Other texts may have an underscore anywhere.
        let random = ["hp_at_", "hp_rt_", "hp_ac_", "hp_cs_", "hp_sk_", "hp_se_", "hp_su_"]
            .iter()
            .find_map(|prefix| secret.strip_prefix(prefix))
            .unwrap_or(secret);
        for form in
            [secret.clone(), random.to_owned(), hex(secret.as_bytes()), hex(random.as_bytes()), STANDARD.encode(secret)]
        {
            assert!(!contains(&all, form.trim_end_matches('=')), "{what} stands in the database: {form}");
        }
        // As raw bytes, where the text is hexadecimal.
        let pairs = secret.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
        if let Some(bytes) = bytes {
            assert!(!all.windows(bytes.len()).any(|window| window == bytes), "{what} stands in the database as bytes");
        }
    }
}

/// ASVS 2.3.3: what may exist once exists once by the database's own rule, whatever the code above it does.
#[tokio::test]
async fn a_second_row_with_the_same_hash_or_name_is_refused_by_the_database() {
    let (app, _) = with_everything().await;
    let database = &app.database;
    let bytes = |hex: &str| if database.is_postgres() { format!("'\\x{hex}'::bytea") } else { format!("X'{hex}'") };
    let tables = declared();
    let mut other = 0;
    for (table, unique, changed) in [
        ("codes", "hash", vec!["family_id"]),
        ("codes", "family_id", vec!["hash"]),
        ("access_tokens", "hash", vec![]),
        ("refresh_tokens", "hash", vec!["parent_hash"]),
        ("refresh_tokens", "parent_hash", vec!["hash"]),
        ("sessions", "hash", vec!["id"]),
        ("api_key_secrets", "hash", vec![]),
        ("client_secrets", "hash", vec![]),
        ("setup_tokens", "hash", vec![]),
        ("attempts", "bucket", vec![]),
        ("users", "username_canonical", vec!["id"]),
        ("clients", "client_id", vec!["id"]),
        ("api_keys", "api_key", vec!["id"]),
        ("roles", "canonical", vec!["name"]),
    ] {
        let (columns, _) = &tables[table];
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mut copy = |keep: &str| {
            let value = |(name, kind): &(String, String)| {
                if name == keep || !(changed.contains(&name.as_str()) || name == unique) {
                    return name.clone();
                }
                other += 1;
                if kind.contains("Binary") { bytes(&format!("{other:032x}")) } else { format!("'x{other}'") }
            };
            let values: Vec<String> = columns.iter().map(value).collect();
            let filled = format!("WHERE {unique} IS NOT NULL");
            let (names, values) = (names.join(", "), values.join(", "));
            database.execute(&format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} {filled} LIMIT 1"))
        };
        match copy(unique) {
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            outcome => panic!("{table}.{unique}: {outcome:?}"),
        }
        // With another value it is refused for nothing, or for belonging to nobody.
        match copy("") {
            Ok(1) | Err(DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {}
            outcome => panic!("{table}.{unique}: {outcome:?}"),
        }
    }
}

/// Foreign keys hold on the connections of the server, and what belongs to somebody goes with them.
#[tokio::test]
async fn nothing_is_left_of_what_it_belonged_to() {
    let (app, _) = with_everything().await;
    let nobody = Session {
        amr: "pwd".to_owned(),
        id: Random.id(BEGIN, SessionId::new),
        user: Random.id(BEGIN, UserId::new),
        authenticated_at: BEGIN,
        seen_at: BEGIN,
        idle_expires_at: BEGIN,
        expires_at: BEGIN,
        address: String::new(),
        user_agent: String::new(),
    };
    let hash = Random.token(TokenKind::Session).hash();
    let orphan = app.store.write(move |tx| tx.sessions().insert(&nobody, &hash)).await;
    assert!(matches!(orphan, Err(StoreError::Conflict(_))), "{orphan:?}");

    app.person("second", &["admin"]).await;
    let count =
        |table: &str| app.database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {table}")).remove(0);
    let users = app.database.lines("SELECT username AS line FROM users ORDER BY 1");
    assert_eq!(users, ["ada", "second"]);
    let of_ada = ["sessions", "grants", "families", "codes", "access_tokens", "refresh_tokens", "api_keys"];
    for table in of_ada {
        assert_ne!(count(table), "0", "{table}");
    }
    let login = hallpass::model::username::Login::parse("ada").unwrap();
    let ada = app.write(move |tx| tx.users().find_by_login(login.as_str())).await.unwrap();
    app.delete_user(&ada).await;
    for table in of_ada.into_iter().chain(["api_key_secrets", "authorization_requests"]) {
        assert_eq!(count(table), "0", "{table}");
    }
    assert_eq!((count("clients").as_str(), count("client_secrets").as_str()), ("1", "1"));
    // What happened stays written down.
    assert_ne!(count("audit"), "0");
}

/// What only reads can't write, by the connection's own rule.
#[tokio::test]
async fn a_read_cannot_write() {
    let app = TestApp::start().await;
    let role = RoleName::parse("editor").unwrap();
    let in_read = {
        let role = role.clone();
        app.store.read(move |tx| tx.roles().insert(&role, "", BEGIN)).await
    };
    let in_look_up = app.store.look_up(move |tx| tx.roles().insert(&role, "", BEGIN)).await;
    for refused in [in_read, in_look_up] {
        let error = refused.unwrap_err().to_string().to_lowercase();
        assert!(error.contains("read-only") || error.contains("readonly"), "{error}");
    }
    assert_eq!(app.database.lines("SELECT name AS line FROM roles"), ["admin"]);
}

/// What fails half-way leaves nothing behind.
#[tokio::test]
async fn a_write_that_fails_leaves_nothing() {
    let app = TestApp::start().await;
    let editor = RoleName::parse("editor").unwrap();
    let refused: Result<(), StoreError> = app
        .store
        .write(move |tx| {
            tx.roles().insert(&editor, "", BEGIN)?;
            Err(StoreError::Stopped)
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Stopped)));
    assert_eq!(app.database.lines("SELECT name AS line FROM roles"), ["admin"]);
}

/// A new database is its owner's alone, and whatever SQLite and the server put beside it.
#[tokio::test]
async fn the_files_of_a_new_database_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (app, _) = with_everything().await;
    if app.database.is_postgres() {
        return;
    }
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(app.database.folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
        names.insert(name);
    }
    assert!(names.contains("hallpass.db") && names.contains("hallpass.db-wal"), "{names:?}");
    assert_eq!(app.database.lines("SELECT journal_mode AS line FROM pragma_journal_mode"), ["wal"]);
}

/// Ids are of one kind each, and no text of one is an id of another.
#[test]
fn an_id_of_one_kind_is_none_of_another() {
    let user = Random.id(BEGIN, UserId::new).to_string();
    assert!(UserId::parse(&user).is_some());
    assert!(SessionId::parse(&user).is_none() && RequestId::parse(&user).is_none());
    let bare = user.strip_prefix("user_").unwrap();
    for text in
        [bare.to_owned(), format!("session_{bare}"), user.to_uppercase(), format!("{user}0"), format!(" {user}")]
    {
        assert!(UserId::parse(&text).is_none(), "{text}");
    }
}
