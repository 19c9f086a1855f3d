//! *Generate Keys*: what the form offers, and the key that it describes.

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::api_keys::KeyRing;
use crate::domain::api_keys::NewApiKey;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::choices::choices;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::created;
use crate::http::pages::keys::refusal;
use crate::http::pages::keys::texts;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::key_form::KeyForm;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::time::Moment;
use crate::http::principal::Principal;
use crate::model::api_key::KeyAccess;
use crate::model::name::DisplayName;
use crate::model::name::NameError;
use crate::model::role::RoleName;
use crate::model::scope::ScopeToken;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::user::Roles;

/// How long a key may be asked to last: the values of `expires_in` in days, and what the page calls them.
const LIFETIMES: [(&str, u64, &str); 5] = [
    ("1d", 1, "In 1 day"),
    ("7d", 7, "In 7 days"),
    ("30d", 30, "In 30 days"),
    ("90d", 90, "In 90 days"),
    ("365d", 365, "In 1 year"),
];

/// What became of *Generate Keys*.
pub enum Generated {
    /// The pair: shown once.
    Made(Box<CreatedKey>),
    /// The form once more, with what is wrong.
    Refused(Box<KeyForm>),
}

/// The form as it is at first: full access, all roles, and an end as it is usual here.
pub fn fresh(ring: &KeyRing, policy: &KeyPolicy, language: &Language) -> KeyForm {
    let usual = match policy.default_lifetime {
        None => Text::new("Full access and no expiry, unless chosen otherwise."),
        Some(lifetime) => {
            Text::new("Full access for {$time}, unless chosen otherwise.").with_text("time", in_words(lifetime))
        }
    };
    KeyForm {
        name: Field::default(),
        is_full_access: true,
        scope: Choices::of(choices(&ring.scopes, |_| false)),
        expires_in: Choices::of(lifetimes(policy, language, "")),
        has_all_roles: true,
        role: Choices::of(roles(&ring.user.roles, &[])),
        allowed_ips: Field::default(),
        limits: Field::default(),
        is_decoy: false,
        usual,
    }
}

/// The ends that the policy allows; the empty one is what it gives by itself.
fn lifetimes(policy: &KeyPolicy, language: &Language, chosen: &str) -> Vec<Choice> {
    let usual = match policy.default_lifetime {
        None => "Never".to_owned(),
        Some(lifetime) => {
            let text = Text::new("In {$time}, as is usual here").with_text("time", in_words(lifetime));
            language.fill(&text)
        }
    };
    let is_allowed = |days: u64| policy.maximum_lifetime.is_none_or(|most| Lifetime::from_days(days) <= most);
    let others = LIFETIMES.iter().filter(|(_, days, _)| is_allowed(*days));
    let others = others.map(|(value, _, label)| Choice::new(value, label, ""));
    let all = std::iter::once(Choice::new("", &usual, "")).chain(others);
    all.map(|choice| {
        let is_chosen = choice.value == chosen;
        choice.chosen(is_chosen)
    })
    .collect()
}

/// `30 days`.
pub fn in_words(lifetime: Lifetime) -> Text {
    let (count, text) = match lifetime.seconds() {
        seconds if seconds.is_multiple_of(86_400) => (seconds / 86_400, "{$count} days"),
        seconds if seconds.is_multiple_of(3_600) => (seconds / 3_600, "{$count} hours"),
        seconds if seconds.is_multiple_of(60) => (seconds / 60, "{$count} minutes"),
        seconds => (seconds, "{$count} seconds"),
    };
    Text::new(text).counting("count", count)
}

fn roles(held: &Roles, chosen: &[&str]) -> Vec<Choice> {
    let is_chosen = |role: &RoleName| chosen.iter().any(|one| RoleName::parse(one).is_ok_and(|one| one == *role));
    held.iter().map(|role| Choice::new(role.as_str(), role.as_str(), "").chosen(is_chosen(role))).collect()
}

/// *Generate Keys*: adds a key as the form describes it; an empty form gives full access, until the usual end.
///
/// # Errors
/// [`Failure::NotFound`] where there is no such user.
pub async fn run<N>(app: &App, who: &Principal<N>, holder: Holder, form: &Parameters) -> Result<Generated, Failure> {
    let (user, policy) = (holder.user(), app.key_policy());
    let ring = app.store.read(move |tx| api_keys::ring_of(tx, user)).await?.ok_or(Failure::NotFound)?;
    let act = who.act(app);
    let language = who.context().language(app);
    let (new, mut kept) = match read(form, &ring, &policy, &language, act.now) {
        Ok(read) => read,
        Err(form) => return Ok(Generated::Refused(form)),
    };
    match app.make(who, act, move |tx, _, act| api_keys::create(tx, &new, &policy, act)).await? {
        Ok((key, secret)) => {
            let done = holder.owner().home_path();
            Ok(Generated::Made(Box::new(created(app, &key, &secret, false, done))))
        }
        // What the form offered may be gone by now, or there are too many keys.
        Err(error) => {
            let field = match &error {
                ApiKeyError::UnknownScope(_) => &mut kept.scope.error,
                ApiKeyError::RoleNotHeld(_) => &mut kept.role.error,
                ApiKeyError::LastsTooLong(_) | ApiKeyError::EndsInThePast => &mut kept.expires_in.error,
                _ => &mut kept.name.error,
            };
            *field = Some(refusal(error, &language)?);
            Ok(Generated::Refused(kept))
        }
    }
}

/// The key that the form describes, beside the form as it was sent; or the form with what is wrong.
fn read(
    form: &Parameters,
    ring: &KeyRing,
    policy: &KeyPolicy,
    language: &Language,
    now: Timestamp,
) -> Result<(NewApiKey, Box<KeyForm>), Box<KeyForm>> {
    let mut kept = Box::new(fresh(ring, policy, language));
    let name = read_name(form, language, &mut kept, now);
    let access = read_access(form, ring, language, &mut kept);
    let roles = read_roles(form, ring, &mut kept);
    let expires_at = read_end(form, policy, language, &mut kept, now);
    let (addresses, limits) = read_bounds(form, language, &mut kept);
    kept.is_decoy = form.get("decoy").is_some();
    let (Some(name), Some(access), Some(roles), Some(expires_at), Some(allowed_addresses), Some(limits)) =
        (name, access, roles, expires_at, addresses, limits)
    else {
        return Err(kept);
    };
    let is_decoy = kept.is_decoy;
    Ok((NewApiKey { user: ring.user.id, name, access, roles, expires_at, allowed_addresses, limits, is_decoy }, kept))
}

/// A key that nobody gives a name is called by the time it is made.
fn read_name(form: &Parameters, language: &Language, kept: &mut KeyForm, now: Timestamp) -> Option<DisplayName> {
    let text = form.get("name").unwrap_or_default();
    let name = match DisplayName::parse(text) {
        Err(NameError::Empty) => {
            let name = Text::new("Key of {$time}").with_text("time", Moment::new(now).full);
            DisplayName::parse(&language.fill(&name))
        }
        name => name,
    };
    kept.name = Field::with(text);
    kept.name.error = name.as_ref().err().map(|error| format!("The name {error}."));
    name.ok()
}

fn read_access(form: &Parameters, ring: &KeyRing, language: &Language, kept: &mut KeyForm) -> Option<KeyAccess> {
    let wanted: Vec<&str> = form.all("scope").flat_map(str::split_ascii_whitespace).collect();
    // Whoever names scopes and nothing else wants no more than these.
    let rights = form.get("rights").unwrap_or(if wanted.is_empty() { "full_access" } else { "scopes" });
    kept.is_full_access = rights == "full_access";
    kept.scope = Choices::of(choices(&ring.scopes, |scope| wanted.contains(&scope)));
    let stranger = wanted.iter().find(|scope| !ring.scopes.iter().any(|offered| offered.name == **scope));
    kept.scope.error = match (rights, stranger) {
        ("full_access", _) if !wanted.is_empty() => {
            Some("Full access and single scopes exclude each other: choose one of the two.".to_owned())
        }
        ("full_access", _) => return Some(KeyAccess::Full),
        ("scopes", Some(scope)) => {
            let text = Text::new("There is no scope {$scope} that this key could have.").with("scope", *scope);
            Some(language.fill(&text))
        }
        ("scopes", None) if wanted.is_empty() => Some("Choose at least one scope, or full access.".to_owned()),
        ("scopes", None) => {
            let scopes = wanted.iter().filter_map(|scope| ScopeToken::parse(scope).ok()).collect();
            return Some(KeyAccess::Scopes(scopes));
        }
        _ => Some("Rights are full_access or scopes.".to_owned()),
    };
    None
}

/// All roles of its user, or these; none of these is a key without any.
fn read_roles(form: &Parameters, ring: &KeyRing, kept: &mut KeyForm) -> Option<Option<Roles>> {
    let wanted: Vec<&str> = form.all("role").collect();
    let which = form.get("roles").unwrap_or(if wanted.is_empty() { "all" } else { "some" });
    kept.has_all_roles = which == "all";
    kept.role = Choices::of(roles(&ring.user.roles, &wanted));
    let parsed: Option<Roles> = wanted.iter().map(|role| RoleName::parse(role).ok()).collect();
    let is_held = |role: &RoleName| ring.user.roles.iter().any(|held| held == role);
    kept.role.error = match (which, parsed) {
        ("all", _) if !wanted.is_empty() => {
            Some("All roles and single roles exclude each other: choose one of the two.".to_owned())
        }
        ("all", _) => return Some(None),
        ("some", Some(chosen)) if chosen.iter().all(is_held) => return Some(Some(chosen)),
        ("some", _) => Some("A key has no role that its user has not.".to_owned()),
        _ => Some("Roles are all or some.".to_owned()),
    };
    None
}

/// `Some(None)` leaves it to the policy.
fn read_end(
    form: &Parameters,
    policy: &KeyPolicy,
    language: &Language,
    kept: &mut KeyForm,
    now: Timestamp,
) -> Option<Option<Timestamp>> {
    let chosen = form.get("expires_in").unwrap_or_default();
    kept.expires_in = Choices::of(lifetimes(policy, language, chosen));
    if chosen.is_empty() {
        return Some(None);
    }
    let known = LIFETIMES.iter().find(|(value, _, _)| *value == chosen);
    let is_offered = kept.expires_in.options.iter().any(|choice| choice.is_chosen);
    if let Some((_, days, _)) = known.filter(|_| is_offered) {
        return Some(Some(now + Lifetime::from_days(*days)));
    }
    kept.expires_in.error = Some("Choose one of the times that are offered.".to_owned());
    None
}

type Bounds = (Option<Vec<ipnet::IpNet>>, Option<crate::model::key_limits::KeyLimits>);

fn read_bounds(form: &Parameters, language: &Language, kept: &mut KeyForm) -> Bounds {
    let (addresses, limits) = (form.get("allowed_ips").unwrap_or_default(), form.get("limits").unwrap_or_default());
    (kept.allowed_ips, kept.limits) = (Field::with(addresses), Field::with(limits));
    let addresses = texts::networks(addresses, language).map_err(|field| kept.allowed_ips = field).ok();
    let limits = texts::limits(limits, language).map_err(|field| kept.limits = field).ok();
    (addresses, limits)
}
