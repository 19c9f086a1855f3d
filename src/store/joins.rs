//! Which tables are joined, and by which column.

use crate::store::schema::access_tokens;
use crate::store::schema::api_key_secrets;
use crate::store::schema::api_keys;
use crate::store::schema::authorization_requests;
use crate::store::schema::client_roles;
use crate::store::schema::client_secrets;
use crate::store::schema::client_service_accounts;
use crate::store::schema::clients;
use crate::store::schema::codes;
use crate::store::schema::device_codes;
use crate::store::schema::families;
use crate::store::schema::grants;
use crate::store::schema::logout_deliveries;
use crate::store::schema::passkeys;
use crate::store::schema::pushed_requests;
use crate::store::schema::recovery_codes;
use crate::store::schema::refresh_tokens;
use crate::store::schema::roles;
use crate::store::schema::scope_roles;
use crate::store::schema::scopes;
use crate::store::schema::sessions;
use crate::store::schema::sign_ins;
use crate::store::schema::totp_factors;
use crate::store::schema::user_roles;
use crate::store::schema::users;
use crate::store::schema::verify_sessions;

diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(user_roles -> roles (role_name));
diesel::joinable!(scope_roles -> scopes (scope_name));
diesel::joinable!(scope_roles -> roles (role_name));
diesel::joinable!(client_secrets -> clients (client_id));
diesel::joinable!(client_roles -> clients (client_id));
diesel::joinable!(client_roles -> roles (role_name));
diesel::joinable!(client_service_accounts -> clients (client_id));
diesel::joinable!(client_service_accounts -> users (user_id));
diesel::joinable!(pushed_requests -> clients (client_id));
diesel::joinable!(device_codes -> clients (client_id));
diesel::joinable!(device_codes -> families (family_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(grants -> users (user_id));
diesel::joinable!(grants -> clients (client_id));
diesel::joinable!(authorization_requests -> sessions (session_id));
diesel::joinable!(families -> grants (grant_id));
diesel::joinable!(families -> users (user_id));
diesel::joinable!(families -> clients (client_id));
diesel::joinable!(codes -> families (family_id));
diesel::joinable!(refresh_tokens -> families (family_id));
diesel::joinable!(access_tokens -> clients (client_id));
diesel::joinable!(access_tokens -> families (family_id));
diesel::joinable!(api_keys -> users (user_id));
diesel::joinable!(api_key_secrets -> api_keys (key_id));
diesel::joinable!(verify_sessions -> sessions (session_id));
diesel::joinable!(sign_ins -> clients (client_id));
diesel::joinable!(sign_ins -> users (user_id));
diesel::joinable!(logout_deliveries -> clients (client_id));
diesel::joinable!(totp_factors -> users (user_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::joinable!(passkeys -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    roles,
    users,
    user_roles,
    clients,
    client_roles,
    client_secrets,
    client_service_accounts,
    sessions,
    grants,
    authorization_requests,
    families,
    codes,
    refresh_tokens,
    access_tokens,
    api_keys,
    verify_sessions,
    api_key_secrets,
    sign_ins,
    logout_deliveries,
    totp_factors,
    passkeys,
);
diesel::allow_tables_to_appear_in_same_query!(scopes, scope_roles);
