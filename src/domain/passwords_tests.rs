//! Tests of the threads that hash passwords.

use super::*;

const CHEAP: PasswordParameters =
    PasswordParameters { memory_kib: 8, iterations: 1, parallelism: 1, threads: 2, queue: 100 };
/// Dear enough that what is asked for at the same time has to wait.
const DEAR: PasswordParameters =
    PasswordParameters { memory_kib: 64 * 1024, iterations: 8, parallelism: 1, threads: 1, queue: 1 };

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

fn secret(text: &str) -> Secret {
    Secret::from(text)
}

async fn matches(passwords: &Passwords, password: &str, hash: &PasswordHash) -> bool {
    passwords.verify(secret(password), Some(hash.clone())).await.unwrap().matches
}

#[test]
fn a_password_matches_its_own_hash_alone() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        let long = "x".repeat(1024);
        for password in ["correct horse", "nul\0inside", &long, "пароль"] {
            let hash = passwords.hash(secret(password)).await.unwrap();
            assert!(hash.as_str().starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{}", hash.as_str());
            assert_ne!(hash, passwords.hash(secret(password)).await.unwrap(), "the salt is new each time");
            assert!(matches(&passwords, password, &hash).await);
            for other in [format!("{password}y"), password.to_uppercase() + "!", "nul\0outside".into(), "nul".into()] {
                assert!(!matches(&passwords, &other, &hash).await, "{other}");
            }
        }
    });
}

#[test]
fn nothing_is_cut_off() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        for length in [72, 128, 1023] {
            let start = "x".repeat(length);
            let hash = passwords.hash(secret(&format!("{start}a"))).await.unwrap();
            assert!(!matches(&passwords, &format!("{start}b"), &hash).await);
            assert!(!matches(&passwords, &start, &hash).await);
        }
    });
}

/// RFC 8265 §4.2.2
#[test]
fn one_letter_written_in_two_ways_is_one_letter() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        let hash = passwords.hash(secret("caf\u{e9} noir")).await.unwrap();
        assert!(matches(&passwords, "cafe\u{301} noir", &hash).await);
        assert!(!matches(&passwords, "cafe noir", &hash).await);
    });
}

#[test]
fn without_a_hash_everything_is_wrong() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        let verdict = passwords.verify(secret("anything"), None).await.unwrap();
        assert_eq!(verdict, Verdict { matches: false, needs_rehash: false });
    });
}

#[test]
fn a_hash_that_cannot_be_read_is_no_passwords() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        let good = passwords.hash(secret("correct horse")).await.unwrap();
        for (from, to) in [
            (good.as_str(), ""),
            (good.as_str(), "correct horse"),
            ("argon2id", "argon2i"),
            ("argon2id", "md5"),
            ("v=19", "v=16"),
            ("m=8", "m=4294967295"),
            ("m=8", "m=262145"),
            ("m=8", "m=7"),
            ("t=1", "t=33"),
            ("p=1", "p=17"),
            ("p=1", "p=0"),
        ] {
            let bad = PasswordHash::from_stored(good.as_str().replace(from, to));
            assert!(!matches(&passwords, "correct horse", &bad).await, "{to}");
        }
        assert!(matches(&passwords, "correct horse", &good).await);
    });
}

#[test]
fn a_hash_is_made_anew_when_the_parameters_have_grown() {
    run(async {
        let old = Passwords::start(CHEAP);
        let hash = old.hash(secret("correct horse")).await.unwrap();
        for (parameters, needs_rehash) in [
            (CHEAP, false),
            (PasswordParameters { memory_kib: 16, ..CHEAP }, true),
            (PasswordParameters { iterations: 2, ..CHEAP }, true),
            (PasswordParameters { parallelism: 2, ..CHEAP }, true),
        ] {
            let new = Passwords::start(parameters);
            let right = new.verify(secret("correct horse"), Some(hash.clone())).await.unwrap();
            assert_eq!(right, Verdict { matches: true, needs_rehash });
            let wrong = new.verify(secret("wrong horse"), Some(hash.clone())).await.unwrap();
            assert_eq!(wrong, Verdict { matches: false, needs_rehash: false });
            let grown = new.hash(secret("correct horse")).await.unwrap();
            // Parameters that have shrunk are no reason to make a stored hash cheaper.
            assert!(!old.verify(secret("correct horse"), Some(grown)).await.unwrap().needs_rehash);
        }
    });
}

/// The vector of the reference implementation's test suite, for argon2id version 19.
#[test]
fn a_hash_of_another_make_is_understood() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        let hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let verdict = passwords.verify(secret("password"), Some(PasswordHash::from_stored(hash.to_owned()))).await;
        assert_eq!(verdict, Ok(Verdict { matches: true, needs_rehash: true }));
    });
}

#[test]
fn many_at_once_each_get_their_own_answer() {
    run(async {
        let passwords = Arc::new(Passwords::start(CHEAP));
        let mut asked = Vec::new();
        for number in 0..100 {
            let passwords = Arc::clone(&passwords);
            asked.push(async move {
                let hash = passwords.hash(secret(&format!("password {number}"))).await?;
                let verdict = passwords.verify(secret(&format!("password {}", number / 2 * 2)), Some(hash)).await?;
                Ok::<_, Busy>(verdict.matches == (number % 2 == 0))
            });
        }
        let tasks = tokio::task::LocalSet::new();
        let tasks = tasks.run_until(async {
            let handles: Vec<_> = asked.into_iter().map(tokio::task::spawn_local).collect();
            for handle in handles {
                assert_eq!(handle.await.unwrap(), Ok(true));
            }
        });
        tasks.await;
        assert!(passwords.0.lock().alive <= 2);
    });
}

#[test]
fn who_finds_the_queue_full_is_told_to_come_back() {
    run(async {
        let passwords = Arc::new(Passwords::start(DEAR));
        let mut tasks = Vec::new();
        for _ in 0..5 {
            let passwords = Arc::clone(&passwords);
            tasks.push(tokio::spawn(async move { passwords.verify(secret("anything"), None).await }));
        }
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        let busy: Vec<_> = answers.iter().filter_map(|answer| answer.err()).collect();
        assert_eq!(busy.len(), 3, "one is hashed, one waits: {answers:?}");
        assert!(busy.iter().all(|busy| busy.retry_after.seconds_up() >= 1));
        assert!(passwords.verify(secret("anything"), None).await.is_ok(), "afterwards there is room again");
    });
}

#[test]
fn who_has_gone_away_takes_no_place() {
    run(async {
        let passwords = Arc::new(Passwords::start(DEAR));
        let ask = || {
            let passwords = Arc::clone(&passwords);
            tokio::spawn(async move { passwords.verify(secret("anything"), None).await })
        };
        let hashed = ask();
        let waiting = ask();
        tokio::task::yield_now().await;
        assert!(passwords.verify(secret("anything"), None).await.is_err());
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert!(passwords.verify(secret("anything"), None).await.is_ok());
        assert!(hashed.await.unwrap().is_ok());
    });
}

#[test]
fn threads_end_with_the_pool() {
    run(async {
        let passwords = Passwords::start(CHEAP);
        passwords.hash(secret("correct horse")).await.unwrap();
        let pool = Arc::clone(&passwords.0);
        assert_eq!(pool.lock().alive, 1);
        drop(passwords);
        while pool.lock().alive > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn what_argon2_would_refuse_is_raised() {
    run(async {
        let parameters = PasswordParameters { memory_kib: 0, iterations: 0, parallelism: 0, threads: 0, queue: 0 };
        let passwords = Passwords::start(parameters);
        let hash = passwords.hash(secret("correct horse")).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert!(passwords.0.threads >= 1);
    });
}
