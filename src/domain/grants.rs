//! What users let clients do: giving it, and taking it back.

use std::collections::BTreeMap;

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::users;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::details::AuthorizationDetails;
use crate::model::grant::Grant;
use crate::model::id::ClientId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::listing::Age;
use crate::model::listing::Found;
use crate::model::listing::GrantFilter;
use crate::model::listing::Part;
use crate::model::redirect_uri::RedirectTarget;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a user lets a client in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duration {
    /// For an hour.
    OneHour,
    /// For thirty days.
    ThirtyDays,
    /// Until the user takes it back.
    UntilRevoked,
}

impl Duration {
    /// All choices, shortest first.
    pub const ALL: [Duration; 3] = [Duration::OneHour, Duration::ThirtyDays, Duration::UntilRevoked];

    /// The form's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Duration::OneHour => "1h",
            Duration::ThirtyDays => "30d",
            Duration::UntilRevoked => "until_revoked",
        }
    }

    /// Reads the form's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duration| duration.as_str() == text)
    }

    fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Duration::OneHour => Some(now + Lifetime::from_hours(1)),
            Duration::ThirtyDays => Some(now + Lifetime::from_days(30)),
            Duration::UntilRevoked => None,
        }
    }
}

/// What a user decides about a client.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Whom it is for.
    pub client: &'a Client,
    /// Where the answer goes; a device fetches it (RFC 8628 §3.4).
    pub redirect: Option<&'a RedirectTarget>,
    /// What was asked for.
    pub asked: &'a Scope,
    /// What of it is allowed.
    pub allowed: &'a Scope,
    /// The resources that it is for.
    pub resources: &'a Resources,
    /// What else is allowed, for this time alone (RFC 9396 §2).
    pub details: Option<&'a AuthorizationDetails>,
    /// For how long.
    pub duration: Duration,
}

/// The grant that already covers `wanted` at `resources` and an answer to `redirect`, so that the user need not be asked
/// again. A public client's never does: any program can pose as it (RFC 8252 §8.6).
///
/// # Errors
/// What the database says.
pub fn find_covering(
    tx: &mut Tx<'_>,
    user: UserId,
    client: &Client,
    wanted: &Scope,
    resources: &Resources,
    redirect: &RedirectTarget,
    now: Timestamp,
) -> Result<Option<Grant>, StoreError> {
    if client.is_public() {
        return Ok(None);
    }
    let grants = tx.grants().find_live(user, client.id, now)?;
    Ok(grants.into_iter().find(|grant| grant.covers(wanted, resources, redirect)))
}

/// All that a confidential client has already of this user at `resources`, over all grants.
///
/// # Errors
/// What the database says.
pub fn scopes_given(
    tx: &mut Tx<'_>,
    user: UserId,
    client: &Client,
    resources: &Resources,
    now: Timestamp,
) -> Result<Scope, StoreError> {
    if client.is_public() {
        return Ok(Scope::default());
    }
    let grants = tx.grants().find_live(user, client.id, now)?;
    let here = grants.iter().filter(|grant| grant.is_for(resources));
    Ok(here.fold(Scope::default(), |all, grant| all.union(&grant.scopes)))
}

/// Notes the user's decision. Each sign-in of a public client is a grant of its own, to be ended by itself. For a
/// confidential client each scope stands in one grant for the same resources, with the end that was chosen for it last:
/// grants that the decision covers whole, or that end when it ends, become one, so that what hangs on them goes on as was
/// just decided; any other loses the scopes that were asked for now. What was allowed at other resources stays as it is.
///
/// # Errors
/// What the database says.
pub fn give(tx: &mut Tx<'_>, user: UserId, decision: Decision<'_>, act: &Act) -> Result<Grant, StoreError> {
    let Decision { client, redirect, asked, allowed, resources, details, duration } = decision;
    // Two decisions at once must not make two grants.
    tx.users().lock(user)?;
    let mut live = if client.is_public() { Vec::new() } else { tx.grants().find_live(user, client.id, act.now)? };
    live.retain(|grant| grant.is_for(resources) && grant.resources.is_subset_of(resources));
    // An address that the user has seen for this client is known for all that they let it do.
    let mut redirect_uris: Vec<_> = redirect.map(RedirectTarget::to_uri).into_iter().collect();
    for uri in live.iter().flat_map(|grant| &grant.redirect_uris) {
        if !redirect_uris.iter().any(|known| known.matches(uri.as_str()).is_some()) {
            redirect_uris.push(uri.clone());
        }
    }
    let expires_at = duration.end(act.now);
    let (joined, others): (Vec<Grant>, Vec<Grant>) =
        live.into_iter().partition(|grant| grant.scopes.is_subset_of(asked) || grant.expires_at == expires_at);
    for grant in others {
        let scopes = grant.scopes.difference(asked);
        tx.grants().renew(&Grant { scopes, redirect_uris: redirect_uris.clone(), ..grant })?;
    }
    let kept = joined.iter().fold(Scope::default(), |all, grant| all.union(&grant.scopes)).difference(asked);
    // What the client has lost meanwhile does not stand on any page; so the list never grows beyond the client's.
    let scopes = kept.intersection(&client.scopes).union(allowed);
    let mut joined = joined.into_iter();
    let renewed = joined.next();
    if let Some(renewed) = &renewed {
        for grant in joined {
            tx.families().move_all(grant.id, renewed.id)?;
            tx.grants().revoke(grant.id, act.now)?;
        }
    }
    let before = renewed.as_ref().map(|grant| grant.scopes.to_string());
    let grant = match renewed {
        Some(grant) => Grant { scopes, redirect_uris, renewed_at: act.now, expires_at, ..grant },
        None => Grant {
            id: Random.id(act.now, GrantId::new),
            user,
            client: client.id,
            scopes,
            redirect_uris,
            resources: resources.clone(),
            created_at: act.now,
            renewed_at: act.now,
            expires_at,
            revoked_at: None,
        },
    };
    if before.is_some() {
        tx.grants().renew(&grant)?;
    } else {
        tx.grants().insert(&grant)?;
    }
    let details = json!({
        "authorization_details": details.map(AuthorizationDetails::to_value),
        "client_id": client.client_id,
        "before": before,
        "scope": allowed.to_string(),
        "resources": grant.resources.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(),
        "duration": duration.as_str(),
    });
    act.record(tx, AuditEvent::GrantGiven, &grant.id.to_string(), details)?;
    Ok(grant)
}

/// Takes a grant back, if it is one of `owner`'s (or anybody's, where no owner is given). `false` where it is not.
///
/// # Errors
/// What the database says.
pub fn revoke(tx: &mut Tx<'_>, id: GrantId, owner: Option<UserId>, act: &Act) -> Result<bool, StoreError> {
    let Some(grant) = tx.grants().find(id)? else { return Ok(false) };
    if owner.is_some_and(|owner| owner != grant.user) || !tx.grants().revoke(id, act.now)? {
        return Ok(false);
    }
    let details = json!({
        "user": grant.user.to_string(),
        "client": grant.client.to_string(),
        "scope": grant.scopes.to_string(),
    });
    act.record(tx, AuditEvent::GrantRevoked, &id.to_string(), details)?;
    Ok(true)
}

/// A part of the list of grants, with the names of those that they are about.
#[derive(Debug, Default)]
pub struct Named {
    /// The grants.
    pub found: Found<Grant>,
    /// The names of their users.
    pub users: BTreeMap<UserId, String>,
    /// The `client_id` and the name of each of their clients.
    pub clients: BTreeMap<ClientId, (String, String)>,
}

/// The grants that hold at `now`, with `text` among their scopes, of a user and to a client; nothing where one of those is
/// not there.
///
/// # Errors
/// What the database says.
pub fn search(
    tx: &mut Tx<'_>,
    text: Option<String>,
    (user, client): (Option<&str>, Option<&str>),
    part: &Part<Age>,
    now: Timestamp,
) -> Result<Named, StoreError> {
    let user = match users::narrow(tx, user)? {
        Some(None) => return Ok(Named::default()),
        user => user.flatten(),
    };
    let client = match client {
        Some(id) => match tx.clients().find_by_client_id(id)? {
            Some(client) => Some(client.id),
            None => return Ok(Named::default()),
        },
        None => None,
    };
    let found = tx.grants().search(&GrantFilter { text, user, client }, part, now)?;
    let users: Vec<UserId> = found.records.iter().map(|grant| grant.user).collect();
    let clients: Vec<ClientId> = found.records.iter().map(|grant| grant.client).collect();
    Ok(Named { users: tx.users().names(&users)?, clients: tx.clients().names(&clients)?, found })
}
