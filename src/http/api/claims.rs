//! Standard claims of users (OpenID Connect Core §5.1) in the JSON API.

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::model::user_claims::Address;
use crate::model::user_claims::UserClaims;

/// What is known of a person beside name and address; what is left out is not known.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Claims)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimsMembers {
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    given_name: Option<String>,
    /// Family names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    family_name: Option<String>,
    /// Middle names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    middle_name: Option<String>,
    /// How friends call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    nickname: Option<String>,
    /// The URL of a page about the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    profile: Option<String>,
    /// The URL of a picture of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    picture: Option<String>,
    /// The URL of a page of the person's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    website: Option<String>,
    /// `female`, `male` or another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    gender: Option<String>,
    /// YYYY-MM-DD, YYYY, or 0000-MM-DD where the year is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    birthdate: Option<String>,
    /// A name of the time zone database, such as `Europe/London`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    zoneinfo: Option<String>,
    /// A language tag, such as `en-GB`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    locale: Option<String>,
    /// A telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    phone_number: Option<String>,
    /// Whether somebody made sure that it is the person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    phone_number_verified: Option<bool>,
    /// Whether somebody made sure that the e-mail address is the person's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    email_verified: Option<bool>,
    /// Where the person can be reached by post.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    address: Option<AddressMembers>,
}

/// A postal address (OpenID Connect Core §5.1.1).
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = Address)]
#[serde(default, deny_unknown_fields)]
pub struct AddressMembers {
    /// All of it, as it is written on a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    formatted: Option<String>,
    /// Street and house number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    locality: Option<String>,
    /// State, province or the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500, nullable = false)]
    country: Option<String>,
}

/// The same members in the record and on the wire.
macro_rules! mirror {
    ($wire:ident, $noun:ident: $($name:ident)*; $($nested:ident)*) => {
        impl From<$wire> for $noun {
            fn from(members: $wire) -> Self {
                Self { $($name: members.$name,)* $($nested: members.$nested.map(Into::into),)* }
            }
        }

        impl From<$noun> for $wire {
            fn from(members: $noun) -> Self {
                Self { $($name: members.$name,)* $($nested: members.$nested.map(Into::into),)* }
            }
        }
    };
}

mirror! {
    ClaimsMembers, UserClaims:
    given_name family_name middle_name nickname profile picture website gender birthdate zoneinfo locale phone_number
    phone_number_verified email_verified; address
}
mirror! { AddressMembers, Address: formatted street_address locality region postal_code country; }
