//! docs/CONFIGURATION.md, written from the table of settings.

use std::fmt::Write;

use super::SECTIONS;
use super::setting::Form;
use super::setting::Setting;

const INTRODUCTION: &str = "\
# Configuration

<!-- Written from the table of settings in src/config; a test compares the two. \
To write it anew: `REWRITE_DOCS=1 cargo test --lib configuration_docs` -->

Hallpass runs without any configuration.
What is set comes, in this order, from flags (`--listen`, `--issuer`, `--database-url`), \
from environment variables, from the file, and else from the defaults below.

- **File**: `hallpass.toml` in the working folder if it is there, or the file that `--config FILE` names.
- **Environment**: the setting's name in capitals behind `HALLPASS_`, with two underscores after the section: \
`HALLPASS_LISTEN`, `HALLPASS_TOKENS__CODE_LIFETIME_SECONDS`. Lists are comma-separated.
- **Secrets**: a setting marked *secret* may be given as a file that holds it: \
`secret_key_file = \"/run/secrets/key\"`, or `HALLPASS_SECRET_KEY_FILE`. Paths begin at the working folder.

A name that is no setting, a value out of bounds and a setting given twice are errors, \
in the environment as in the file; Hallpass then names them all and does not start.
`hallpass config check` does the same without starting, \
and `hallpass config show` prints what is in force and where it was set, with secrets hidden.

```toml
# hallpass.toml
listen = \"127.0.0.1:8000\"
issuer = \"https://id.example\"
database_url = \"postgres://hallpass@db.example/hallpass?sslmode=verify-full\"
secret_key_file = \"/run/secrets/hallpass\"

[tokens]
access_token_lifetime_seconds = 900

[http]
trusted_proxies = [\"10.0.0.0/8\"]
```
";

/// The whole text of docs/CONFIGURATION.md.
pub fn configuration() -> String {
    let mut text = INTRODUCTION.to_owned();
    for section in SECTIONS {
        text.push('\n');
        if let Some((name, _)) = section.settings.first().and_then(|setting| setting.key.split_once('.')) {
            push(&mut text, format_args!("## `[{name}]`\n\n"));
        } else {
            text.push_str("## Above all sections\n\n");
        }
        push(&mut text, format_args!("{}\n\n", paragraph(section.about).replace(". ", ".\n")));
        text.push_str("| setting | default | allowed | what it is |\n| --- | --- | --- | --- |\n");
        for setting in section.settings {
            row(&mut text, setting);
        }
    }
    text
}

/// The row of one setting.
fn row(text: &mut String, setting: &Setting) {
    let default = match (setting.default, setting.kind.form()) {
        ("", _) => "none".to_owned(),
        (default, Form::Text) => format!("`\"{default}\"`"),
        (default, Form::Integer | Form::Boolean | Form::List | Form::Sections) => format!("`{default}`"),
    };
    let about = paragraph(setting.about);
    let secret = if setting.kind.is_secret() { "*Secret.* " } else { "" };
    push(text, format_args!("| `{}` | {default} | {} | {secret}{about} |\n", setting.key, setting.kind.allowed()));
}

/// The lines of a doc comment as one.
fn paragraph(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Appends to a text.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("writing to a String can't fail");
}
