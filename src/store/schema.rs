//! The tables, as the migrations make them; the same for both databases.

diesel::table! {
    meta (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::table! {
    traffic_by_day (day, kind) {
        day -> BigInt,
        kind -> Text,
        count -> BigInt,
    }
}

diesel::table! {
    roles (name) {
        name -> Text,
        canonical -> Text,
        description -> Text,
        created_at -> BigInt,
        require_second_factor -> Bool,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        username -> Text,
        username_canonical -> Text,
        email -> Nullable<Text>,
        email_canonical -> Nullable<Text>,
        full_name -> Text,
        kind -> Text,
        password_hash -> Nullable<Text>,
        enabled -> Bool,
        created_at -> BigInt,
        password_changed_at -> Nullable<BigInt>,
        last_login_at -> Nullable<BigInt>,
        claims -> Text,
        updated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    user_roles (user_id, role_name) {
        user_id -> Binary,
        role_name -> Text,
    }
}

diesel::table! {
    scopes (name) {
        name -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    scope_roles (scope_name, role_name) {
        scope_name -> Text,
        role_name -> Text,
    }
}

diesel::table! {
    clients (id) {
        id -> Binary,
        client_id -> Text,
        name -> Text,
        auth_method -> Text,
        grant_types -> Text,
        redirect_uris -> Text,
        scopes -> Text,
        needed_scopes -> Text,
        trusted -> Bool,
        require_pkce -> Bool,
        enabled -> Bool,
        origin -> Text,
        created_at -> BigInt,
        resources -> Text,
        jwks -> Nullable<Text>,
        jwks_uri -> Nullable<Text>,
        require_par -> Bool,
        require_signed_request -> Bool,
        dpop_bound -> Bool,
        metadata -> Text,
        registration_hash -> Nullable<Binary>,
        used_at -> Nullable<BigInt>,
        document_expires_at -> Nullable<BigInt>,
        openid -> Text,
        require_second_factor -> Bool,
        accent -> Nullable<Text>,
    }
}

diesel::table! {
    client_service_accounts (client_id, user_id) {
        client_id -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    resources (uri) {
        uri -> Text,
        canonical -> Text,
        name -> Text,
        scopes -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    authorization_detail_types (name) {
        name -> Text,
        description -> Text,
        schema -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    pushed_requests (hash) {
        hash -> Binary,
        client_id -> Binary,
        parameters -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    device_codes (hash) {
        hash -> Binary,
        user_code_hash -> Binary,
        client_id -> Binary,
        scopes -> Text,
        resources -> Text,
        details -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        interval_seconds -> BigInt,
        polled_at -> Nullable<BigInt>,
        session_id -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
        family_id -> Nullable<Binary>,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    replays (hash) {
        hash -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    initial_access_tokens (hash) {
        hash -> Binary,
        id -> Binary,
        uses_left -> Nullable<BigInt>,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    client_secrets (hash) {
        hash -> Binary,
        client_id -> Binary,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        imported -> Bool,
    }
}

diesel::table! {
    client_roles (client_id, role_name) {
        client_id -> Binary,
        role_name -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        hash -> Binary,
        user_id -> Binary,
        authenticated_at -> BigInt,
        seen_at -> BigInt,
        idle_expires_at -> BigInt,
        expires_at -> BigInt,
        address -> Text,
        user_agent -> Text,
        amr -> Text,
    }
}

diesel::table! {
    grants (id) {
        id -> Binary,
        user_id -> Binary,
        client_id -> Binary,
        scopes -> Text,
        redirect_uris -> Text,
        created_at -> BigInt,
        renewed_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        resources -> Text,
    }
}

diesel::table! {
    authorization_requests (id) {
        id -> Binary,
        session_id -> Binary,
        parameters -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    families (id) {
        id -> Binary,
        grant_id -> Binary,
        user_id -> Binary,
        client_id -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        resources -> Text,
        details -> Nullable<Text>,
        key_thumbprint -> Nullable<Text>,
    }
}

diesel::table! {
    codes (hash) {
        hash -> Binary,
        family_id -> Binary,
        redirect_uri -> Text,
        redirect_uri_was_sent -> Bool,
        code_challenge -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
        key_thumbprint -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Binary,
        family_id -> Binary,
        parent_hash -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        successor_salt -> Nullable<Binary>,
        successor_request -> Nullable<Binary>,
    }
}

diesel::table! {
    access_tokens (hash) {
        hash -> Binary,
        client_id -> Binary,
        family_id -> Nullable<Binary>,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        resources -> Text,
        details -> Nullable<Text>,
        key_thumbprint -> Nullable<Text>,
        parent_kind -> Nullable<Text>,
        parent_hash -> Nullable<Binary>,
        actor -> Nullable<Text>,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Binary,
        user_id -> Binary,
        api_key -> Text,
        name -> Text,
        full_access -> Bool,
        scopes -> Text,
        roles -> Nullable<Text>,
        allowed_addresses -> Text,
        enabled -> Bool,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        imported -> Bool,
        decoy -> Bool,
        limits -> Text,
        trial_until -> Nullable<BigInt>,
        replaces -> Nullable<Binary>,
        last_used_address -> Nullable<Text>,
        last_used_agent -> Nullable<Text>,
        alarmed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    api_key_secrets (hash) {
        hash -> Binary,
        key_id -> Binary,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        imported -> Nullable<Text>,
    }
}

diesel::table! {
    api_key_usage (key_id, day, outcome) {
        key_id -> Binary,
        day -> BigInt,
        outcome -> Text,
        uses -> BigInt,
    }
}

diesel::table! {
    api_key_callers (key_id, address, agent) {
        key_id -> Binary,
        address -> Text,
        agent -> Text,
        first_at -> BigInt,
        last_at -> BigInt,
        uses -> BigInt,
        would_fail -> BigInt,
    }
}

diesel::table! {
    api_key_scopes_used (key_id, scope) {
        key_id -> Binary,
        scope -> Text,
        used_at -> BigInt,
    }
}

diesel::table! {
    api_key_windows (key_id, name) {
        key_id -> Binary,
        name -> Text,
        began_at -> BigInt,
        taken -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> Binary,
        user_id -> Binary,
        kind -> Text,
        subject -> Text,
        details -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    verify_tickets (hash) {
        hash -> Binary,
        session_id -> Binary,
        origin -> Text,
        return_to -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    verify_sessions (hash) {
        hash -> Binary,
        session_id -> Binary,
        origin -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        alg -> Text,
        generation -> BigInt,
        public_key -> Text,
        private_key -> Binary,
        created_at -> BigInt,
        active_at -> BigInt,
    }
}

diesel::table! {
    sign_ins (family_id) {
        family_id -> Binary,
        session_id -> Binary,
        user_id -> Binary,
        client_id -> Binary,
        authenticated_at -> BigInt,
        amr -> Text,
        nonce -> Nullable<Text>,
        claims -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        logged_out_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    logout_deliveries (id) {
        id -> Binary,
        client_id -> Binary,
        subject -> Text,
        sid -> Nullable<Text>,
        uri -> Text,
        attempts -> BigInt,
        next_at -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    totp_factors (user_id) {
        user_id -> Binary,
        secret -> Binary,
        last_step -> BigInt,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    recovery_codes (hash) {
        hash -> Binary,
        user_id -> Binary,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Binary,
        user_id -> Binary,
        credential_id -> Binary,
        public_key -> Binary,
        sign_count -> BigInt,
        transports -> Text,
        user_verified -> Bool,
        backup_eligible -> Bool,
        backed_up -> Bool,
        name -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    attempts (bucket) {
        bucket -> Binary,
        started_at -> BigInt,
        expires_at -> BigInt,
        failures -> BigInt,
    }
}

diesel::table! {
    setup_tokens (hash) {
        hash -> Binary,
        created_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit (id) {
        id -> Binary,
        at -> BigInt,
        event -> Text,
        actor -> Text,
        credential -> Nullable<Text>,
        subject -> Text,
        details -> Text,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    refusals (id) {
        id -> Binary,
        at -> BigInt,
        surface -> Text,
        method -> Text,
        route -> Text,
        status -> BigInt,
        client -> Nullable<Text>,
        user_id -> Nullable<Text>,
        credential -> Nullable<Text>,
        address -> Nullable<Text>,
        failed -> Text,
        checks -> Text,
    }
}

diesel::table! {
    mails (id) {
        id -> Binary,
        kind -> Text,
        user_id -> Nullable<Binary>,
        email -> Nullable<Text>,
        attempts -> BigInt,
        next_at -> BigInt,
        created_at -> BigInt,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    mail_links (hash) {
        hash -> Binary,
        kind -> Text,
        user_id -> Nullable<Binary>,
        email -> Text,
        email_canonical -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}
