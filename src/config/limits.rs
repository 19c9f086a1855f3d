//! Section `limits`: how often somebody may guess wrong, or register something.

use std::num::NonZeroU32;

use super::kinds::DAY;
use super::kinds::Failures;
use super::kinds::Seconds;
use super::setting::section;
use crate::model::time::Lifetime;

section! {
    /// How often somebody may guess wrong, or register something.
    /// Of guesses only failures count; whoever is over a limit is answered 429 with `Retry-After`.
    pub struct Limits in "limits." {
        /// Wrong passwords for one account from devices that have not signed in to it before, in one window.
        login_failures_per_account: Option<NonZeroU32> = "login_failures_per_account", Failures, "10";
        /// The window of `limits.login_failures_per_account`.
        login_account_window: Lifetime = "login_account_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Wrong passwords for one account from one device that has signed in to it before, in one window.
        /// Such a device is counted by itself, so that strangers can't lock a person out.
        login_failures_per_device: Option<NonZeroU32> = "login_failures_per_device", Failures, "10";
        /// The window of `limits.login_failures_per_device`.
        login_device_window: Lifetime = "login_device_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Wrong passwords from one address for any accounts, in one window.
        login_failures_per_address: Option<NonZeroU32> = "login_failures_per_address", Failures, "100";
        /// The window of `limits.login_failures_per_address`.
        login_address_window: Lifetime = "login_address_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Wrong codes and passkeys for one account behind its password, in one window; of a device that has signed in to it
        /// before by themselves. Without the password, wrong signatures for one passkey.
        second_factor_failures_per_account: Option<NonZeroU32> = "second_factor_failures_per_account", Failures, "5";
        /// The window of `limits.second_factor_failures_per_account`.
        second_factor_window: Lifetime = "second_factor_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Wrong client secrets from one address for one client, in one window.
        client_secret_failures: Option<NonZeroU32> = "client_secret_failures", Failures, "20";
        /// The window of `limits.client_secret_failures`.
        client_secret_window: Lifetime = "client_secret_window_seconds", Seconds { from: 1, to: DAY }, "300";
        /// Applications that register themselves from one address without an initial access token, in one window.
        registrations_per_address: Option<NonZeroU32> = "registrations_per_address", Failures, "20";
        /// The window of `limits.registrations_per_address`.
        registration_window: Lifetime = "registration_window_seconds", Seconds { from: 1, to: DAY }, "3600";
        /// Changes of one application's registration that it makes itself, in one window.
        registration_changes_per_client: Option<NonZeroU32> = "registration_changes_per_client", Failures, "20";
        /// The window of `limits.registration_changes_per_client`.
        registration_change_window: Lifetime = "registration_change_window_seconds", Seconds { from: 1, to: DAY }, "3600";
        /// Documents and published keys of clients that no administrator registered, fetched for one address because they are not known yet, in one window.
        document_fetches_per_address: Option<NonZeroU32> = "document_fetches_per_address", Failures, "30";
        /// The window of `limits.document_fetches_per_address`.
        document_fetch_window: Lifetime = "document_fetch_window_seconds", Seconds { from: 1, to: DAY }, "60";
        /// Applications that registered themselves and were never used. Beyond them the oldest makes way if it is
        /// older than a day, else the newcomer is turned away.
        unused_registrations: Option<NonZeroU32> = "unused_registrations", Failures, "1000";
        /// Wrong codes of devices (RFC 8628 §5.1) that one person types, in one window.
        user_code_failures_per_user: Option<NonZeroU32> = "user_code_failures_per_user", Failures, "10";
        /// The window of `limits.user_code_failures_per_user`.
        user_code_user_window: Lifetime = "user_code_user_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Wrong codes of devices from one address, in one window.
        user_code_failures_per_address: Option<NonZeroU32> = "user_code_failures_per_address", Failures, "50";
        /// The window of `limits.user_code_failures_per_address`.
        user_code_address_window: Lifetime = "user_code_address_window_seconds", Seconds { from: 1, to: DAY }, "900";
        /// Mails that strangers at one address ask for (a new password, an account), in one window.
        mails_per_address: Option<NonZeroU32> = "mails_per_address", Failures, "20";
        /// Mails of one kind to one person, in one window. What is over it is not sent, and strangers are not told so; those at one
        /// address get half of them and one, and a browser that has signed in to the account before has a count of its own.
        mails_per_person: Option<NonZeroU32> = "mails_per_person", Failures, "5";
        /// The window of `limits.mails_per_address` and of `limits.mails_per_person`.
        mail_window: Lifetime = "mail_window_seconds", Seconds { from: 1, to: DAY }, "3600";
        /// Reports of leaked secrets from one address that put nothing out of use, in one window.
        leak_reports_per_address: Option<NonZeroU32> = "leak_reports_per_address", Failures, "30";
        /// The window of `limits.leak_reports_per_address`.
        leak_report_window: Lifetime = "leak_report_window_seconds", Seconds { from: 1, to: DAY }, "900";
    }
}

/// One limit: so many failures in so long a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The failures that are let through in one window.
    pub failures: NonZeroU32,
    /// How long a failure counts.
    pub window: Lifetime,
}

impl Limits {
    /// Wrong passwords for one account, from devices that have not signed in to it before; `None` where switched off.
    pub fn login_per_account(&self) -> Option<Limit> {
        limit(self.login_failures_per_account, self.login_account_window)
    }

    /// Wrong passwords for one account from one device that has signed in to it before; `None` where switched off.
    pub fn login_per_device(&self) -> Option<Limit> {
        limit(self.login_failures_per_device, self.login_device_window)
    }

    /// Wrong passwords from one address for any accounts; `None` where switched off.
    pub fn login_per_address(&self) -> Option<Limit> {
        limit(self.login_failures_per_address, self.login_address_window)
    }

    /// Wrong codes and passkeys for one account, or wrong signatures for one passkey; `None` where switched off.
    pub fn second_factor(&self) -> Option<Limit> {
        limit(self.second_factor_failures_per_account, self.second_factor_window)
    }

    /// Registrations from one address without an initial access token; `None` where switched off.
    pub fn registration(&self) -> Option<Limit> {
        limit(self.registrations_per_address, self.registration_window)
    }

    /// Changes that a client makes to its own registration; `None` where switched off.
    pub fn registration_change(&self) -> Option<Limit> {
        limit(self.registration_changes_per_client, self.registration_change_window)
    }

    /// Wrong codes of devices from one person; `None` where switched off.
    pub fn user_code_per_user(&self) -> Option<Limit> {
        limit(self.user_code_failures_per_user, self.user_code_user_window)
    }

    /// Wrong codes of devices from one address; `None` where switched off.
    pub fn user_code_per_address(&self) -> Option<Limit> {
        limit(self.user_code_failures_per_address, self.user_code_address_window)
    }

    /// Mails that one address asks for; `None` where switched off.
    pub fn mail_asker(&self) -> Option<Limit> {
        limit(self.mails_per_address, self.mail_window)
    }

    /// Mails of one kind to one person; `None` where switched off.
    pub fn mail_reader(&self) -> Option<Limit> {
        limit(self.mails_per_person, self.mail_window)
    }

    /// Reports of leaked secrets that change nothing; `None` where switched off.
    pub fn leak_reports(&self) -> Option<Limit> {
        limit(self.leak_reports_per_address, self.leak_report_window)
    }

    /// Documents that are fetched for one address; `None` where switched off.
    pub fn document_fetches(&self) -> Option<Limit> {
        limit(self.document_fetches_per_address, self.document_fetch_window)
    }

    /// Wrong client secrets from one address for one client; `None` where switched off.
    pub fn client_secret(&self) -> Option<Limit> {
        limit(self.client_secret_failures, self.client_secret_window)
    }
}

/// A limit, where it is on.
fn limit(failures: Option<NonZeroU32>, window: Lifetime) -> Option<Limit> {
    failures.map(|failures| Limit { failures, window })
}
