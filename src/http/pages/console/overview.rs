//! `/overview`: what administrators look at first.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::key_uses;
use crate::domain::overview;
use crate::domain::overview::Attention;
use crate::domain::overview::COUNTED;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::views::overview::AttentionLine;
use crate::http::pages::views::overview::OverviewPage;
use crate::http::pages::views::overview::TrafficChart;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::audit::AuditEvent;
use crate::model::time::Timestamp;
use crate::model::traffic::TrafficKind;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// The days that the charts show.
const DAYS: u32 = 30;

/// `GET /overview`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<(Admin, ViaSession)>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let now = app.now();
    let today = key_uses::day(now);
    let read = app.store.read(move |tx| overview::read(tx, today - i64::from(DAYS) + 1, now)).await?;
    let chart = |name, good, bad| TrafficChart::new(name, good, bad, &read.traffic, (today, DAYS));
    let charts = vec![
        chart(
            ("sign-ins", "Sign-ins"),
            (TrafficKind::SignIn, "Signed in"),
            Some((TrafficKind::SignInFailed, "Failed")),
        ),
        chart(("tokens", "Tokens"), (TrafficKind::Token, "Given out"), None),
        chart(
            ("verifications", "Requests with a credential"),
            (TrafficKind::Verified, "Let in"),
            Some((TrafficKind::Refused, "Refused")),
        ),
    ];
    respond::page(&OverviewPage {
        frame: frame::signed_in(&app, &who, paths::OVERVIEW),
        attention: attention(&read.attention, now),
        charts,
        days: DAYS,
    })
}

/// What needs attention, the most urgent first.
fn attention(found: &Attention, now: Timestamp) -> Vec<AttentionLine> {
    let events = |events: &[AuditEvent], since: Timestamp| {
        let since = since.to_string();
        let events: String = events.iter().map(|event| format!("event={}&", event.as_str())).collect();
        format!("{}?{events}since={}", paths::AUDIT, since.split('T').next().unwrap_or_default())
    };
    let line = |count: usize, text, more, advice, path: String, is_urgent| {
        let text = match count {
            0 => return None,
            count if count > COUNTED => Text::new(more).counting("count", COUNTED),
            count => Text::new(text).counting("count", count),
        };
        Some(AttentionLine { text, advice, path, is_urgent })
    };
    let lines = [
        line(
            found.decoys_tried,
            "{$count} uses of decoy keys in the last 30 days",
            "More than {$count} uses of decoy keys in the last 30 days",
            "Somebody has read what was meant for nobody: find out where the decoy lay.",
            events(&[AuditEvent::DecoyTried], now.before(overview::DECOYS)),
            true,
        ),
        line(
            found.failed_sign_ins,
            "{$count} sign-ins failed in the last 24 hours",
            "More than {$count} sign-ins failed in the last 24 hours",
            "A few are people who mistyped; many to one account, or from one address, are not.",
            events(&overview::FAILED_SIGN_INS, now.before(overview::FAILURES)),
            false,
        ),
        line(
            found.single_factor_administrators,
            "{$count} administrators sign in with a password alone",
            "More than {$count} administrators sign in with a password alone",
            "Ask the role admin for a second factor, and whoever has none is led to add one.",
            format!("{}?role=admin&kind=person", paths::USERS),
            false,
        ),
        line(
            found.keys_that_end,
            "{$count} API keys end within 14 days",
            "More than {$count} API keys end within 14 days",
            "Whoever uses them is refused then: rotate them, or give them more time.",
            format!("{}?use=ends-soon&sort=end", paths::KEYS),
            false,
        ),
        line(
            found.unused_clients,
            "{$count} applications were not used for 90 days",
            "More than {$count} applications were not used for 90 days",
            "What nobody uses is only a way in: disable it, and delete it when nobody has asked for it.",
            format!("{}?use=unused&state=enabled", paths::CLIENTS),
            false,
        ),
    ];
    lines.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german::german;

    #[test]
    fn what_needs_attention_is_counted_in_each_language() {
        let found = |count| Attention {
            keys_that_end: count,
            failed_sign_ins: count,
            unused_clients: count,
            decoys_tried: count,
            single_factor_administrators: count,
        };
        let now = Timestamp::from_seconds(1_795_512_600);
        let first = |count| attention(&found(count), now).first().map(|line| line.text.to_string());
        assert_eq!(first(0), None);
        assert_eq!(first(1).as_deref(), Some("1 decoy key was tried in the last 30 days"));
        assert_eq!(first(2).as_deref(), Some("2 uses of decoy keys in the last 30 days"));
        assert_eq!(first(COUNTED + 1).as_deref(), Some("More than 100 uses of decoy keys in the last 30 days"));
        let german = german();
        for line in [1, 2, COUNTED + 1].into_iter().flat_map(|count| attention(&found(count), now)) {
            assert_ne!(german.fill(&line.text), line.text.to_string());
            german.say(line.advice);
        }
        assert_eq!(german.missing(), Vec::<String>::new());
    }
}
