//! The documents are true: what they point at is there.

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_test_that_the_table_of_standards_names_is_there() {
    for document in ["docs/RFC.md", "docs/FRAPPE.md"] {
        let table = read(document);
        let mut count = 0;
        for name in quoted(&table) {
            let Some((file, test)) = name.split_once("::") else { continue };
            if file == "file" {
                continue;
            }
            let source = read(&format!("tests/suite/{file}.rs"));
            assert!(source.contains(&format!("fn {test}(")), "{document} names {name}, which is not there");
            count += 1;
        }
        assert!(count > 40, "{document} names {count} tests");
    }
}

#[test]
fn every_file_that_a_document_names_is_there() {
    for document in [
        "README.md",
        "docs/ARCHITECTURE.md",
        "docs/RFC.md",
        "docs/SECURITY.md",
        "docs/OPERATIONS.md",
        "docs/LIBRARY.md",
    ] {
        for name in quoted(&read(document)) {
            let is_path = ["src/", "docs/", "tests/", "migrations/"].iter().any(|room| name.starts_with(room));
            let path = name.split("::").next().unwrap_or(name).trim_end_matches('/');
            if is_path && !path.contains(' ') && !path.contains('{') {
                assert!(root().join(path).exists(), "{document} names {name}, which is not there");
            }
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    for (folder, document) in [("", "README.md"), ("docs/", "docs/ARCHITECTURE.md"), ("docs/", "docs/OPERATIONS.md")] {
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !link.contains("://") {
                let path = format!("{folder}{}", link.split('#').next().unwrap_or(link));
                assert!(root().join(&path).exists(), "{document} links to {link}");
            }
        }
    }
}
