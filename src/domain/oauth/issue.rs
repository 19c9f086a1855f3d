/// What of the requested scopes this user can allow: those bound to roles of others are left out (RFC 9700 §2.3).
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `access_denied` where nothing is left.
pub fn narrow(tx: &mut Tx<'_>, request: Request, roles: &Roles) -> Result<Request, AuthorizeError> {
    let usable = Catalogue::read(tx)?.usable(&request.scope, roles, Actor::User);
    let scope = resource::scopes_at(tx, &usable, &request.resources)?;
    if scope.is_empty() {
        let why = "the user holds none of the roles that these scopes need, or the resource has none of them";
        return Err(request.refuse(Refusal::new(ErrorCode::AccessDenied, why)));
    }
    Ok(Request { scope, ..request })
}

/// Notes what the user allowed and makes a code for it (RFC 6749 §4.1.2, with `iss` of RFC 9207 §2).
///
/// Allowing nothing is denying.
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `server_error` where the second check of the protocol disagrees.
pub fn allow(
    tx: &mut Tx<'_>,
    request: &Request,
    user: UserId,
    allowed: &Scope,
    duration: Duration,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    let allowed = allowed.union(&request.client.needed_scopes).intersection(&request.scope);
    if allowed.is_empty() {
        return deny(tx, request, user, policy, act);
    }
    let Request { client, redirect, scope: asked, resources, details, .. } = request;
    let decision = grants::Decision {
        client,
        redirect: Some(redirect),
        asked,
        allowed: &allowed,
        resources,
        details: details.as_ref(),
        duration,
    };
    let grant = grants::give(tx, user, decision, act)?;
    issue(tx, request, &grant, &allowed, policy, act)
}

/// Makes a code that hangs on `grant`.
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `server_error` where the second check of the protocol disagrees.
pub fn issue(
    tx: &mut Tx<'_>,
    request: &Request,
    grant: &Grant,
    scope: &Scope,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    par::consume(tx, request, act.now)?;
    let challenge = request.challenge.as_ref().map(CodeChallenge::to_string);
    let confirmed = engine::confirm_authorization(AuthorizationFacts {
        client_id: &request.client.client_id,
        redirect_uri: request.redirect.as_str(),
        scope: &scope.to_string(),
        client_scope: &request.client.scopes.to_string(),
        state: request.state.as_deref(),
        code_challenge: challenge.as_deref(),
    });
    confirmed.map_err(|disagreement| request.refuse(Refusal::new(ErrorCode::ServerError, disagreement.0)))?;
    note_challenge(tx, request, act)?;
    let expires_at = act.now + policy.code_lifetime;
    let family = Family {
        id: Random.id(act.now, FamilyId::new),
        grant: grant.id,
        user: grant.user,
        client: grant.client,
        scopes: scope.clone(),
        resources: request.resources.clone(),
        details: request.details.clone(),
        key: None,
        created_at: act.now,
        // The redemption makes it longer; a family that is purged takes the memory of its code along.
        expires_at: expires_at + policy.access_token_lifetime,
        ended_at: None,
    };
    tx.families().insert(&family)?;
    let code = Random.token(TokenKind::Code);
    let stored = Code {
        hash: code.hash(),
        family: family.id,
        redirect_uri: request.redirect.as_str().to_owned(),
        redirect_uri_was_sent: request.redirect_uri_was_sent,
        challenge: request.challenge.clone(),
        key: request.key.clone(),
        expires_at,
        consumed_at: None,
    };
    tx.codes().insert(&stored, act.now)?;
    Ok(request.destination().answer(vec![("code", code.reveal().to_owned())], &policy.issuer))
}

/// Makes it known where a client sends the same code challenge again: it is allowed, but whoever saw the verifier of
/// the first code can redeem the second (RFC 9700 §2.1.1).
fn note_challenge(tx: &mut Tx<'_>, request: &Request, act: &Act) -> Result<(), StoreError> {
    let Some(challenge) = &request.challenge else { return Ok(()) };
    let mut hash = Sha256::new();
    hash.update(b"code challenge\0");
    hash.update(request.client.id.as_bytes());
    hash.update(challenge.to_string());
    if tx.replays().remember(&hash.finalize().into(), act.now + Lifetime::from_days(1))? {
        return Ok(());
    }
    act.record(tx, AuditEvent::ConstantChallenge, &request.client.client_id, json!({}))
}

/// Notes that the user turned the client away, and tells it so. It is no error: the entry in the audit log is to be kept.
///
/// # Errors
/// What the database says.
pub fn deny(
    tx: &mut Tx<'_>,
    request: &Request,
    user: UserId,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    par::consume(tx, request, act.now)?;
    let details = json!({ "client_id": request.client.client_id });
    act.record(tx, AuditEvent::GrantDenied, &user.to_string(), details)?;
    let refusal = Refusal::new(ErrorCode::AccessDenied, "the user did not allow it");
    Ok(request.destination().refuse(refusal, &policy.issuer))
}

