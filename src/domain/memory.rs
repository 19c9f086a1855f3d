//! Who presented which credential, remembered between requests, so that the same one needs no database. It is exact:
//! what is remembered is used only while nothing that it rests on has changed (`store/freshness.rs`) and the time has
//! not come at which it would change by itself; else the database is asked, and it alone says no.
//!
//! Bounded by `memory.credentials`; what is used least goes first, though not for what comes only once (`regulars.rs`).
//! Nobody is remembered as unknown.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::hash::Hash;
use std::hash::Hasher;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use quick_cache::UnitWeighter;
use quick_cache::sync::Cache;
use quick_cache::sync::DefaultLifecycle;

use crate::domain::authenticate;
use crate::domain::authenticate::Found;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::regulars::Leaving;
use crate::domain::regulars::Regulars;
use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::id::UserId;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::store::Mark;
use crate::store::Moment;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// For so many credentials one user is kept apart, for the tokens that are made for them.
const CREDENTIALS_OF_USER: usize = 20;
/// And for so many users one client.
const USERS_OF_CLIENT: usize = 10;
/// The kind of a [`Key`] that is a client's secret.
const SECRET: u8 = 5;
/// The most answers that are kept of what a set of roles leaves of a set of scopes.
const MOST_USABLE: usize = 1_000;

/// What is remembered between requests. Cloning it shares it.
#[derive(Clone)]
pub struct Memory {
    store: Store,
    /// `None` where nothing is to be remembered.
    kept: Option<Arc<Kept>>,
}

struct Kept {
    credentials: Cache<Key, Remembered, UnitWeighter, ByHash, Leaving>,
    /// Which of them to remember.
    regulars: Arc<Regulars>,
    users: Cache<UserId, Noted<User>>,
    clients: Cache<ClientId, Noted<Client>>,
    /// Clients by their `client_id`, which never changes and is never another's.
    client_ids: Cache<String, ClientId>,
    /// Clients by the secrets that they showed.
    secrets: Cache<Key, Proved, UnitWeighter, ByHash>,
    catalogue: Mutex<Option<Noted<Known>>>,
}

/// A credential: its kind, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key(u8, [u8; 32]);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (first, _) = self.1.split_at(8);
        state.write(first);
    }
}

/// Takes the keys' own first bytes: they are SHA-256 of what this server made.
#[derive(Debug, Clone, Copy, Default)]
struct ByHash;

#[derive(Default)]
struct FirstBytes(u64);

impl BuildHasher for ByHash {
    type Hasher = FirstBytes;

    fn build_hasher(&self) -> FirstBytes {
        FirstBytes::default()
    }
}

impl Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let mut first = [0; 8];
        first.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        self.0 = u64::from_le_bytes(first);
    }
}

/// What was found, when, and for which host where it was for one.
#[derive(Clone)]
struct Remembered {
    found: Arc<Found>,
    moment: Moment,
    origin: Option<Arc<str>>,
}

/// A client, with a secret of it that held until `until`.
#[derive(Clone)]
struct Proved {
    client: Arc<Client>,
    until: Option<Timestamp>,
    moment: Moment,
}

/// Something that was read at a moment.
struct Noted<T> {
    value: Arc<T>,
    moment: Moment,
}

impl<T> Clone for Noted<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), moment: self.moment }
    }
}

/// All scopes there are, and what was worked out from them.
pub struct Known {
    catalogue: Catalogue,
    usable: Mutex<HashMap<Question, Scope>>,
}

/// Of which scopes, or of all there are, what is left with these roles.
type Question = (Option<Scope>, Roles, Actor);

impl Known {
    fn new(catalogue: Catalogue) -> Self {
        Self { catalogue, usable: Mutex::default() }
    }

    /// As [`Catalogue::usable`].
    pub fn usable(&self, granted: &Scope, roles: &Roles, actor: Actor) -> Scope {
        let work = || self.catalogue.usable(granted, roles, actor);
        self.worked_out((Some(granted.clone()), roles.clone(), actor), work)
    }

    /// Whether `scope` is among those of `granted` that are of use with these roles.
    pub fn may_use(&self, scope: &str, granted: &Scope, roles: &Roles, actor: Actor) -> bool {
        self.catalogue.may_use(scope, granted, roles, actor)
    }

    /// As [`Catalogue::full`].
    pub fn full(&self, roles: &Roles, actor: Actor) -> Scope {
        self.worked_out((None, roles.clone(), actor), || self.catalogue.full(roles, actor))
    }

    fn worked_out(&self, of: Question, work: impl FnOnce() -> Scope) -> Scope {
        let mut usable = self.usable.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(scope) = usable.get(&of) {
            return scope.clone();
        }
        if usable.len() >= MOST_USABLE {
            usable.clear();
        }
        let scope = work();
        usable.insert(of, scope.clone());
        scope
    }
}

impl Memory {
    /// One of at most `credentials`; none of anything where that is 0.
    pub fn new(store: Store, credentials: usize) -> Self {
        let kept = (credentials > 0).then(|| {
            let users = (credentials / CREDENTIALS_OF_USER).max(16);
            let clients = (users / USERS_OF_CLIENT).max(16);
            // Few at first: room is made as it is needed.
            let first = credentials.min(1_000);
            let regulars = Arc::new(Regulars::of(credentials));
            let leaving = Leaving(Arc::clone(&regulars));
            Arc::new(Kept {
                credentials: Cache::with(first, credentials as u64, UnitWeighter, ByHash, leaving),
                regulars,
                users: Cache::new(users),
                clients: Cache::new(clients),
                client_ids: Cache::new(clients),
                secrets: Cache::with(16, clients as u64, UnitWeighter, ByHash, DefaultLifecycle::default()),
                catalogue: Mutex::default(),
            })
        });
        Self { store, kept }
    }

    /// Finds out who presents `presented` from `address`, as [`authenticate::run`].
    ///
    /// # Errors
    /// What the database says; that is never "nobody".
    pub async fn find(
        &self,
        presented: &Presented,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Result<Arc<Found>, Refusal>, StoreError> {
        let (moment, is_sure) = self.outset();
        if is_sure && let Some(found) = self.recall(presented, address, now) {
            return Ok(Ok(found));
        }
        let reading = Reading { memory: Some(self.clone()), is_sure, keeps: true, moment };
        let mut facts = None;
        // One question to the database, where all else that decides is remembered.
        if let Some(wanted) = authenticate::wanted(presented).filter(|_| reading.is_sure) {
            let Some(read) = self.store.facts(wanted).await? else { return Ok(Err(Refusal::Unknown)) };
            match authenticate::conclude_by_memory(&reading, presented, read, address, now) {
                Ok(found) => return Ok(self.keep(presented, found, reading.moment)),
                Err(read) => facts = Some(read),
            }
        }
        let (presented, memory) = (presented.clone(), self.clone());
        self.store
            .look_up(move |tx| {
                if let Some(facts) = facts {
                    let found = authenticate::conclude(tx, &reading, &presented, facts, address, now)?;
                    // As good as if all were read in this transaction, where nothing that it rests on changed since.
                    let is_one_state = |found: &Found| reading.holds(reading.moment, &found.basis.marks);
                    if found.as_ref().map_or(true, is_one_state) {
                        return Ok(memory.keep(&presented, found, reading.moment));
                    }
                }
                let found = authenticate::run(tx, &reading, &presented, address, now)?;
                Ok(memory.keep(&presented, found, reading.moment))
            })
            .await
    }

    /// The database that is behind it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What may be used in a transaction that begins after this.
    pub fn reading(&self) -> Reading {
        let (moment, is_sure) = self.outset();
        Reading { memory: Some(self.clone()), is_sure, keeps: true, moment }
    }

    /// When something is about to be read, and whether what is remembered may be used for it.
    fn outset(&self) -> (Moment, bool) {
        (self.store.moment(), self.kept.is_some() && self.store.is_sure())
    }

    /// Who presents `presented`, where that is remembered and all that it rests on holds, if everything is known that changed.
    fn recall(&self, presented: &Presented, address: Option<IpAddr>, now: Timestamp) -> Option<Arc<Found>> {
        let (key, origin) = key(presented)?;
        let Remembered { found, moment, origin: of } = self.kept.as_ref()?.credentials.get(&key)?;
        let holds = self.store.holds(moment, &found.basis.marks)
            && !found.basis.until.is_some_and(|until| until.is_past(now))
            && of.as_deref() == origin
            && found.key.as_ref().is_none_or(|key| key.allows(address))
            && fits(presented, &found);
        holds.then_some(found)
    }

    /// What `tx` may use, which writes.
    pub fn reading_in(&self, tx: &Tx<'_>) -> Reading {
        let is_sure = self.kept.is_some() && tx.is_sure();
        Reading { memory: Some(self.clone()), is_sure, keeps: is_sure, moment: self.store.moment() }
    }

    /// All scopes there are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn catalogue(&self) -> Result<Arc<Known>, StoreError> {
        let reading = self.reading();
        match reading.recall_catalogue() {
            Some(known) => Ok(known),
            None => self.store.look_up(move |tx| reading.catalogue(tx)).await,
        }
    }

    /// Shares what was found, and remembers it.
    fn keep(
        &self,
        presented: &Presented,
        found: Result<Found, Refusal>,
        moment: Moment,
    ) -> Result<Arc<Found>, Refusal> {
        let mut found = found?;
        found.basis.marks.shrink_to_fit();
        let found = Arc::new(found);
        if let (Some(kept), Some((key, origin))) = (&self.kept, key(presented))
            && kept.regulars.let_in(&key.1)
        {
            let origin = origin.map(Arc::from);
            kept.credentials.insert(key, Remembered { found: Arc::clone(&found), moment, origin });
        }
        Ok(found)
    }
}

/// What a transaction may use of what is remembered, and whether it adds to that.
pub struct Reading {
    memory: Option<Memory>,
    is_sure: bool,
    keeps: bool,
    moment: Moment,
}

impl Reading {
    /// For a transaction that asks the database alone.
    pub fn of_database() -> Self {
        Self { memory: None, is_sure: false, keeps: false, moment: Moment::default() }
    }

    fn kept(&self) -> Option<&Kept> {
        self.memory.as_ref().and_then(|memory| memory.kept.as_deref())
    }

    /// Whether what was read at `moment` may be used.
    fn holds(&self, moment: Moment, marks: &[Mark]) -> bool {
        self.is_sure && self.memory.as_ref().is_some_and(|memory| memory.store.holds(moment, marks))
    }

    /// Where what `tx` read is to be kept, if it rests on `marks`: not what it changed itself, which may never be
    /// committed.
    fn keeping(&self, tx: &Tx<'_>, marks: &[Mark]) -> Option<&Kept> {
        self.kept().filter(|_| self.keeps && !tx.has_changed(marks))
    }

    /// The client with this `client_id`, if `secret` was a secret of it and still is.
    pub fn recall_client(&self, client_id: &str, secret: &TokenHash, now: Timestamp) -> Option<Arc<Client>> {
        let proved = self.kept()?.secrets.get(&Key(SECRET, *secret.bytes()))?;
        let holds = proved.client.client_id == client_id
            && self.holds(proved.moment, &basis_of_secret(&proved.client, secret))
            && !proved.until.is_some_and(|until| until.is_past(now));
        holds.then(|| Arc::clone(&proved.client))
    }

    /// Notes that `secret`, which ends at `until`, is one of `client`, as `tx` found.
    pub fn note_secret(&self, tx: &Tx<'_>, client: &Arc<Client>, secret: &TokenHash, until: Option<Timestamp>) {
        if let Some(kept) = self.keeping(tx, &basis_of_secret(client, secret)) {
            let proved = Proved { client: Arc::clone(client), until, moment: self.moment };
            kept.secrets.insert(Key(SECRET, *secret.bytes()), proved);
        }
    }

    /// The client with this `client_id`.
    ///
    /// # Errors
    /// What the database says.
    pub fn client_called(&self, tx: &mut Tx<'_>, client_id: &str) -> Result<Option<Arc<Client>>, StoreError> {
        if let Some(id) = self.kept().and_then(|kept| kept.client_ids.get(client_id))
            && let Some(client) = self.client(tx, id)?
        {
            return Ok(Some(client));
        }
        let found = tx.clients().find_by_client_id(client_id)?.map(Arc::new);
        if let Some(client) = &found
            && let Some(kept) = self.keeping(tx, &[Mark::of(client.id.as_bytes())])
        {
            kept.client_ids.insert(client_id.to_owned(), client.id);
            kept.clients.insert(client.id, Noted { value: Arc::clone(client), moment: self.moment });
        }
        Ok(found)
    }

    /// The client with this id.
    ///
    /// # Errors
    /// What the database says.
    pub fn client(&self, tx: &mut Tx<'_>, id: ClientId) -> Result<Option<Arc<Client>>, StoreError> {
        let clients = self.kept().map(|kept| &kept.clients);
        self.record(tx, clients, id, id.as_bytes(), |tx| tx.clients().find(id))
    }

    /// The user with this id.
    ///
    /// # Errors
    /// What the database says.
    pub fn user(&self, tx: &mut Tx<'_>, id: UserId) -> Result<Option<Arc<User>>, StoreError> {
        let users = self.kept().map(|kept| &kept.users);
        self.record(tx, users, id, id.as_bytes(), |tx| tx.users().find(id))
    }

    fn record<K: Hash + Eq, T>(
        &self,
        tx: &mut Tx<'_>,
        kept: Option<&Cache<K, Noted<T>>>,
        id: K,
        bytes: &[u8],
        find: impl FnOnce(&mut Tx<'_>) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<Arc<T>>, StoreError> {
        let (known, mark) = (kept.and_then(|kept| kept.get(&id)), [Mark::of(bytes)]);
        if let Some(known) = known.filter(|known| self.holds(known.moment, &mark) && !tx.has_changed(&mark)) {
            return Ok(Some(known.value));
        }
        let found = find(tx)?.map(Arc::new);
        if let (Some(kept), Some(value)) = (kept.filter(|_| self.keeps && !tx.has_changed(&mark)), &found) {
            kept.insert(id, Noted { value: Arc::clone(value), moment: self.moment });
        }
        Ok(found)
    }

    /// All scopes there are.
    ///
    /// # Errors
    /// What the database says.
    pub fn catalogue(&self, tx: &mut Tx<'_>) -> Result<Arc<Known>, StoreError> {
        if let Some(known) = self.recall_catalogue().filter(|_| !tx.has_changed(&[])) {
            return Ok(known);
        }
        let value = Arc::new(Known::new(Catalogue::read(tx)?));
        if let Some(kept) = self.keeping(tx, &[]) {
            let noted = Noted { value: Arc::clone(&value), moment: self.moment };
            *kept.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = Some(noted);
        }
        Ok(value)
    }

    /// The same, read anew where one of `granted` is not among them: a scope that is not known from before may have been
    /// made on another node a moment ago, so the database is asked before it is left out.
    ///
    /// # Errors
    /// What the database says.
    pub fn known(&self, tx: &mut Tx<'_>, granted: Option<&Scope>) -> Result<Arc<Known>, StoreError> {
        let known = self.catalogue(tx)?;
        if knows(&known, granted) { Ok(known) } else { Ok(Arc::new(Known::new(Catalogue::read(tx)?))) }
    }

    /// The same from memory alone.
    pub fn recall_known(&self, granted: Option<&Scope>) -> Option<Arc<Known>> {
        self.recall_catalogue().filter(|known| knows(known, granted))
    }

    /// The client with this id, if it is remembered.
    pub fn recall_client_by(&self, id: ClientId) -> Option<Arc<Client>> {
        let known = self.kept()?.clients.get(&id)?;
        self.holds(known.moment, &[Mark::of(id.as_bytes())]).then_some(known.value)
    }

    fn recall_catalogue(&self) -> Option<Arc<Known>> {
        let known = self.kept()?.catalogue.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        // A change of scopes or roles ends everything.
        self.holds(known.moment, &[]).then_some(known.value)
    }
}

fn knows(known: &Known, granted: Option<&Scope>) -> bool {
    granted.is_none_or(|granted| granted.iter().all(|scope| known.catalogue.knows(scope.as_str())))
}

/// What it rests on that `secret` is one of `client`.
pub fn basis_of_secret(client: &Client, secret: &TokenHash) -> [Mark; 2] {
    [Mark::of(client.id.as_bytes()), Mark::of(secret.as_bytes())]
}

/// What `presented` is remembered by, and the origin that it must be for.
fn key(presented: &Presented) -> Option<(Key, Option<&str>)> {
    let (kind, hash, origin) = match presented {
        Presented::Session(hash) => (0, hash, None),
        Presented::VerifySession { cookie, origin } => (1, cookie, Some(origin.as_str())),
        Presented::AccessToken(hash) => (2, hash, None),
        Presented::ApiKey { secret, .. } => (3, secret, None),
        Presented::ImportedKey { secrets, .. } => (4, secrets.first()?, None),
    };
    Some((Key(kind, *hash.bytes()), origin))
}

/// Whether the name of the key that is presented is that of the key that was found. Imported ones may have to be
/// presented by their name; without one, the database says whether.
fn fits(presented: &Presented, found: &Found) -> bool {
    let named = |name: &_| found.key.as_ref().is_some_and(|key| key.api_key == *name);
    match presented {
        Presented::ApiKey { name, .. } => name.as_ref().is_none_or(named),
        Presented::ImportedKey { name, .. } => name.as_ref().is_some_and(named),
        Presented::Session(_) | Presented::VerifySession { .. } | Presented::AccessToken(_) => true,
    }
}
