//! Bugs planted on purpose: a rig that cannot fail proves nothing, so each shows that it finds those that are its to
//! find.
//!
//! Only a build with the feature `rigs` has them, and there one is awake only in a process whose environment names it
//! in `VENUE_CANARY`. In every other build [`planted`] is the constant `false`, and its branch is compiled away.

/// A bug that a rig must find.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Canary {
    /// The writer runs with `synchronous=NORMAL`: a power cut takes answered sales away.
    SynchronousNormal,
    /// Callers are answered before the commit.
    AnswerBeforeCommit,
    /// No fence follows a commit that failed: what was answered as failed can come back.
    NoFence,
    /// Doctor does not verify the feed's chain: what nobody else remembers can be rewritten.
    ChainUnchecked,
    /// A row that breaks a constraint is blamed on its whole batch: neighbours are told of a bug they have no part in.
    ConstraintBlamesAll,
    /// Doctor does not ask SQLite about its pages: rows that an index still hides are called sound.
    IntegrityUnchecked,
    /// Null is read where the schema has none: a damaged row ends in a panic.
    NullsUnchecked,
    /// What follows a command that panicked is answered as it is, and not run.
    PanicEndsTheBatch,
    /// What a command that panicked had changed stays in the caches: seats that nobody has are not sold.
    PoisonLeaksCache,
    /// A refused command uses up a booking's number: its neighbours get other references.
    RefusalTakesANumber,
}

#[cfg(feature = "rigs")]
impl Canary {
    /// Every canary; a test runs them all.
    pub const ALL: &[Self] = &[
        Self::SynchronousNormal,
        Self::AnswerBeforeCommit,
        Self::NoFence,
        Self::ChainUnchecked,
        Self::ConstraintBlamesAll,
        Self::IntegrityUnchecked,
        Self::NullsUnchecked,
        Self::PanicEndsTheBatch,
        Self::PoisonLeaksCache,
        Self::RefusalTakesANumber,
    ];

    /// Its name in `VENUE_CANARY`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SynchronousNormal => "synchronous_normal",
            Self::AnswerBeforeCommit => "answer_before_commit",
            Self::NoFence => "no_fence",
            Self::ChainUnchecked => "chain_unchecked",
            Self::ConstraintBlamesAll => "constraint_blames_all",
            Self::IntegrityUnchecked => "integrity_unchecked",
            Self::NullsUnchecked => "nulls_unchecked",
            Self::PanicEndsTheBatch => "panic_ends_the_batch",
            Self::PoisonLeaksCache => "poison_leaks_cache",
            Self::RefusalTakesANumber => "refusal_takes_a_number",
        }
    }
}

/// Whether this bug is awake in this process.
#[cfg(feature = "rigs")]
pub(crate) fn planted(canary: Canary) -> bool {
    use std::sync::OnceLock;
    static AWAKE: OnceLock<Option<String>> = OnceLock::new();
    let awake = AWAKE.get_or_init(|| std::env::var("VENUE_CANARY").ok());
    awake.as_deref() == Some(canary.name())
}

/// Whether this bug is awake in this process: never.
#[cfg(not(feature = "rigs"))]
pub(crate) const fn planted(_canary: Canary) -> bool {
    false
}
