//! What twenty callers at once were answered, each in its own time, is what one caller after another would have been:
//! for each family of tokens there is an order of all calls that fits (linearizability), in the style of Jepsen.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Instant;

use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::race::Nodes;
use crate::support::race::now;
use crate::support::race::rounds;
use crate::support::seed::PASSWORD;

const CALLERS: usize = 20;
const CALLS: usize = 5;

/// One call and its answer. Tokens are numbers: 0 came of the code, n of the nth refresh that was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    /// A refresh by the nth refresh token; what it gave, or nothing.
    Refresh(usize, Option<usize>),
    /// The nth access token is shown; whether it is let in.
    Use(usize, bool),
    /// The nth refresh token is revoked.
    Revoke(usize),
}

#[derive(Debug, Clone)]
struct Recorded {
    call: Call,
    began: Instant,
    ended: Instant,
}

/// What a family is between two calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Family {
    /// The refresh token that was not used yet.
    fresh: usize,
    has_ended: bool,
}

impl Family {
    /// What it is after `call`, if that could have been answered so.
    fn after(self, call: Call) -> Option<Self> {
        match call {
            Call::Refresh(token, Some(next)) => {
                (!self.has_ended && token == self.fresh).then_some(Self { fresh: next, ..self })
            }
            // A refresh by one that was used is a replay and ends the family (RFC 9700 §4.14.2).
            Call::Refresh(token, None) => {
                (self.has_ended || token != self.fresh).then_some(Self { has_ended: true, ..self })
            }
            Call::Use(_, is_let_in) => (is_let_in != self.has_ended).then_some(self),
            Call::Revoke(_) => Some(Self { has_ended: true, ..self }),
        }
    }
}

/// Whether there is an order of all calls, each somewhere between its beginning and its end, in which each answer is
/// right (Wing and Gong).
fn is_linear(history: &[Recorded]) -> bool {
    assert!(history.len() < 128);
    let begun = Family { fresh: 0, has_ended: false };
    let (mut seen, mut open) = (HashSet::new(), vec![(0_u128, begun)]);
    while let Some((done, family)) = open.pop() {
        let left = || history.iter().enumerate().filter(|(at, _)| done & (1 << at) == 0);
        // Whatever ended first must be taken before all that began after it.
        let Some(first_end) = left().map(|(_, recorded)| recorded.ended).min() else { return true };
        for (at, recorded) in left().filter(|(_, recorded)| recorded.began <= first_end) {
            if let Some(after) = family.after(recorded.call) {
                let next = (done | (1 << at), after);
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
    }
    false
}

/// What the callers share: the tokens that were answered so far.
#[derive(Default)]
struct Known {
    refresh: Vec<String>,
    access: Vec<String>,
}

/// Lets twenty callers loose on one family, and returns all that they saw.
async fn history(nodes: &[&TestApp], round: usize) -> Vec<Recorded> {
    let app = nodes[0];
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &client).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let known = Known { refresh: vec![text("refresh_token")], access: vec![text("access_token")] };
    let (known, barrier) = (Arc::new(Mutex::new(known)), Arc::new(Barrier::new(CALLERS)));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        // Another node may let in for a moment what has ended; so what is used is used on the first.
        let writer = nodes[caller % nodes.len()];
        let (by_client, of_stranger) = (writer.script(&client.basic()), app.url.clone());
        let (known, barrier) = (Arc::clone(&known), Arc::clone(&barrier));
        callers.spawn(async move {
            let http = crate::support::caller::client();
            let mut history = Vec::new();
            barrier.wait().await;
            for number in 0..CALLS {
                let began = now();
                // Differently in each round, and the same in a round that is run again.
                let chance: usize = (caller * 7 + number * 13 + round * 31) % 40;
                let call = if chance < 12 {
                    let (at, token) = latest(&known, |known| &known.refresh, chance.is_multiple_of(3));
                    let fields = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
                    let answer = by_client.post("/oauth/token", &fields).await;
                    match answer.status {
                        200 => {
                            let mut known = known.lock().unwrap();
                            known.refresh.push(answer.text("refresh_token"));
                            known.access.push(answer.text("access_token"));
                            Call::Refresh(at, Some(known.refresh.len() - 1))
                        }
                        _ => {
                            answer.refused(400, "invalid_grant");
                            Call::Refresh(at, None)
                        }
                    }
                } else if chance == 12 && number > 2 {
                    let (at, token) = latest(&known, |known| &known.refresh, false);
                    assert_eq!(by_client.post("/oauth/revoke", &[("token", &token)]).await.status, 200);
                    Call::Revoke(at)
                } else {
                    let (at, token) = latest(&known, |known| &known.access, chance.is_multiple_of(2));
                    let me = http.get(format!("{of_stranger}/api/v1/me")).bearer_auth(token).send().await;
                    let status = me.expect("an answer").status().as_u16();
                    assert!(matches!(status, 200 | 401), "{status}");
                    Call::Use(at, status == 200)
                };
                history.push(Recorded { call, began, ended: now() });
            }
            history
        });
    }
    callers.join_all().await.into_iter().flatten().collect()
}

/// The last token that is known, or the one before it, and its number.
fn latest(known: &Mutex<Known>, of: fn(&Known) -> &Vec<String>, is_older: bool) -> (usize, String) {
    let known = known.lock().unwrap();
    let all = of(&known);
    let at = all.len() - 1;
    let at = if is_older { at.saturating_sub(1) } else { at };
    (at, all[at].clone())
}

/// RFC 6749 §6, RFC 7009 §2, RFC 9700 §4.14.2
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_twenty_callers_see_is_what_one_after_another_would_see() {
    // The first user of a refresh token wins; nothing is a repetition.
    let settings = "[http]\nworkers = 4\n[tokens]\nrefresh_replay_window_seconds = 0";
    let app = Nodes::of(TestApp::start_with(settings).await, settings);
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let (mut refreshed, mut refused) = (0, 0);
    for round in 0..rounds(10) {
        // What is used on a node after it ended on another is another test's.
        let nodes = if round % 4 == 3 { app.all() } else { vec![&*app] };
        let mut history = history(&nodes, round).await;
        if nodes.len() > 1 {
            history.retain(|recorded| !matches!(recorded.call, Call::Use(_, true)));
        }
        refreshed += history.iter().filter(|recorded| matches!(recorded.call, Call::Refresh(_, Some(_)))).count();
        refused += history.iter().filter(|recorded| matches!(recorded.call, Call::Use(_, false))).count();
        history.sort_by_key(|recorded| recorded.began);
        assert!(is_linear(&history), "round {round}: {history:#?}");
    }
    assert!(refreshed > 0 && refused > 0, "nothing happened: {refreshed}, {refused}");
}

/// The checker itself: it finds the order that there is, and none where there is none.
#[test]
fn a_history_without_an_order_is_known_as_one() {
    let begin = now();
    let at = |call, began, ended| {
        let millis = std::time::Duration::from_millis;
        Recorded { call, began: begin + millis(began), ended: begin + millis(ended) }
    };
    let good = [
        at(Call::Refresh(0, Some(1)), 0, 10),
        // It began before the refresh was answered, and may have been later.
        at(Call::Refresh(0, None), 5, 20),
        at(Call::Use(1, true), 11, 18),
        at(Call::Use(1, false), 21, 22),
    ];
    assert!(is_linear(&good));
    // Two successors of one token.
    assert!(!is_linear(&[at(Call::Refresh(0, Some(1)), 0, 10), at(Call::Refresh(0, Some(2)), 5, 20)]));
    // Let in after the answer to the revocation.
    assert!(!is_linear(&[at(Call::Revoke(0), 0, 10), at(Call::Use(0, true), 11, 12)]));
    assert!(is_linear(&[at(Call::Revoke(0), 0, 10), at(Call::Use(0, true), 9, 12)]));
    // Refused before anything ended it, and let in once it was seen to have ended.
    assert!(!is_linear(&[at(Call::Use(0, false), 0, 1), at(Call::Revoke(0), 2, 3)]));
    assert!(!is_linear(&[at(Call::Use(0, false), 5, 6), at(Call::Revoke(0), 0, 20), at(Call::Use(0, true), 7, 8)]));
}
