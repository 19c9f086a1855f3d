//! `[verify.policies.NAME]`: sections whose names are the operator's. They are read line by line like every setting, and
//! go on as one text, which is what the layers below the file know.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use super::setting::Form;
use super::setting::Kind;
use super::suggestion::suggestion;
use crate::model::demand::Demand;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::Scope;

/// What a policy may say.
const MEMBERS: [&str; 3] = ["roles", "scopes", "resource"];
/// The longest name of a policy.
const LONGEST_NAME: usize = 64;

/// The policies, by name. The text is JSON.
pub(super) struct Policies;

/// One policy as the text has it.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resource: Vec<String>,
}

impl Kind for Policies {
    type Value = BTreeMap<String, Demand>;
    const FORM: Form = Form::Sections;

    fn parse(&self, text: &str) -> Result<BTreeMap<String, Demand>, String> {
        read(text)?.into_iter().map(|(name, written)| demand(&written).map(|demand| (name, demand))).collect()
    }

    fn allowed(&self) -> String {
        "sections such as `[verify.policies.reports]`; only in the file".to_owned()
    }

    fn show(&self, text: &str) -> String {
        let policies = read(text).unwrap_or_default();
        let show = |(name, written): (String, Written)| {
            let members = [written.roles, written.scopes, written.resource].into_iter().zip(MEMBERS);
            let members = members.filter(|(values, _)| !values.is_empty());
            let members = members.map(|(values, member)| format!("{member} {}", values.join(", ")));
            let members = members.collect::<Vec<_>>().join("; ");
            format!("{name} ({})", if members.is_empty() { "nothing" } else { &members })
        };
        policies.into_iter().map(show).collect::<Vec<_>>().join(", ")
    }
}

fn read(text: &str) -> Result<BTreeMap<String, Written>, String> {
    if text.is_empty() {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(text).map_err(|error| format!("can't be read: {error}"))
}

fn demand(written: &Written) -> Result<Demand, String> {
    let roles = written.roles.iter().map(|name| role(name)).collect::<Result<_, _>>()?;
    let scopes: Vec<Scope> = written.scopes.iter().map(|name| scope(name)).collect::<Result<_, _>>()?;
    Ok(Demand {
        roles,
        scopes: scopes.iter().flat_map(|scope| scope.iter().cloned()).collect(),
        resources: resources(&written.resource)?,
    })
}

fn role(name: &str) -> Result<RoleName, String> {
    RoleName::parse(name).map_err(|error| format!("{name:?} is no role's name: {error}"))
}

fn scope(name: &str) -> Result<Scope, String> {
    let one = Scope::parse(name).ok().filter(|scope| scope.len() == 1);
    one.ok_or_else(|| format!("{name:?} is no scope's name"))
}

fn resources(uris: &[String]) -> Result<Resources, String> {
    Resources::parse(uris.iter().map(String::as_str)).map_err(|error| match error {
        Some(error) => error.to_string(),
        None => "names more than ten resources".to_owned(),
    })
}

/// A problem with what stands at `at`: the name it goes by, the place in the file, and what is wrong.
pub(super) type Fault = (String, usize, String);

/// The policies that `table` holds, as a text; what is wrong with them goes to `faults`.
pub(super) fn written(key: &str, table: &DeTable<'_>, faults: &mut Vec<Fault>) -> String {
    let mut policies: BTreeMap<String, Written> = BTreeMap::new();
    for (name, value) in table {
        let at = name.span().start;
        let of = format!("{key}.{}", name.get_ref());
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if name.get_ref().is_empty() || name.get_ref().len() > LONGEST_NAME || !name.get_ref().bytes().all(is_plain) {
            faults.push((of, at, "a policy's name holds 1 to 64 letters, digits and - _".to_owned()));
            continue;
        }
        match value.get_ref() {
            DeValue::Table(members) => {
                policies.insert(name.get_ref().to_string(), policy(&of, members, faults));
            }
            _ => faults.push((of.clone(), at, format!("is a section: write [{of}] above its settings"))),
        }
    }
    serde_json::to_string(&policies).unwrap_or_default()
}

fn policy(of: &str, members: &DeTable<'_>, faults: &mut Vec<Fault>) -> Written {
    let mut policy = Written::default();
    for (member, value) in members {
        let (name, key) = (member.get_ref().as_ref(), format!("{of}.{}", member.get_ref()));
        let at = value.span().start;
        let texts = match name {
            "resource" => texts(value).or_else(|| text(value).map(|text| vec![text])),
            "roles" | "scopes" => texts(value),
            _ => {
                let hint = suggestion(name, MEMBERS.into_iter());
                faults.push((key, member.span().start, format!("is no part of a policy{hint}")));
                continue;
            }
        };
        let Some(texts) = texts else {
            let form = if name == "resource" { "a URI in quotes, or a list of them" } else { Form::List.example() };
            faults.push((key, at, format!("must be {form}")));
            continue;
        };
        let checked = match name {
            "roles" => texts.iter().try_for_each(|text| role(text).map(|_| ())),
            "scopes" => texts.iter().try_for_each(|text| scope(text).map(|_| ())),
            _ => resources(&texts).map(|_| ()),
        };
        if let Err(wrong) = checked {
            faults.push((key, at, wrong));
        } else if texts.is_empty() {
            // Who writes it means to demand something.
            faults.push((key, at, "is empty; leave it out where nothing is needed".to_owned()));
        } else {
            match name {
                "roles" => policy.roles = texts,
                "scopes" => policy.scopes = texts,
                _ => policy.resource = texts,
            }
        }
    }
    policy
}

fn text(value: &Spanned<DeValue<'_>>) -> Option<String> {
    if let DeValue::String(text) = value.get_ref() { Some(text.to_string()) } else { None }
}

fn texts(value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
    let DeValue::Array(items) = value.get_ref() else { return None };
    items.iter().map(text).collect()
}
