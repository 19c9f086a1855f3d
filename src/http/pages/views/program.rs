//! The program behind a request, in words. It helps the owner of a key to tell callers apart, and decides nothing.

use super::browser::browser_text;
use crate::app::languages::Text;

/// What programs call themselves, and what people call them.
const PROGRAMS: &[(&str, &str)] = &[
    ("curl", "curl"),
    ("wget", "Wget"),
    ("python-requests", "Python requests"),
    ("python-httpx", "Python HTTPX"),
    ("python-urllib", "Python urllib"),
    ("python", "Python"),
    ("go-http-client", "Go"),
    ("okhttp", "OkHttp"),
    ("apache-httpclient", "Apache HttpClient"),
    ("java", "Java"),
    ("node", "Node.js"),
    ("axios", "axios"),
    ("guzzlehttp", "Guzzle"),
    ("postmanruntime", "Postman"),
    ("insomnia", "Insomnia"),
    ("httpie", "HTTPie"),
];

/// `curl 8.5.0`, from the header `User-Agent` (RFC 9110 §10.1.5): the name and the version of the first product in it.
pub fn program(user_agent: &str) -> Text {
    let Some(first) = user_agent.split_whitespace().next() else { return Text::new("A program without a name") };
    let (name, version) = first.split_once('/').unwrap_or((first, ""));
    let lower = name.to_ascii_lowercase();
    if lower == "mozilla" {
        return browser_text(user_agent);
    }
    let name = PROGRAMS.iter().find(|(known, _)| *known == lower).map_or(name, |(_, name)| name);
    Text::of_words(if version.is_empty() { name.to_owned() } else { format!("{name} {version}") })
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_program_is_called_by_its_name_and_version() {
        for (agent, words) in [
            ("curl/8.5.0", "curl 8.5.0"),
            ("python-requests/2.31.0", "Python requests 2.31.0"),
            ("Go-http-client/1.1", "Go 1.1"),
            ("acme-sync/3 (+https://acme.example)", "acme-sync 3"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
            ("whatever", "whatever"),
            ("", "A program without a name"),
            ("  ", "A program without a name"),
        ] {
            assert_eq!(program(agent).to_string(), words, "{agent}");
        }
    }
}
