//! Bugs planted on purpose: a rig that cannot fail proves nothing, so each shows that it finds those that are its to
//! find.
//!
//! Only a build with the feature `rigs` has them, and there one is awake only in a process whose environment names it
//! in `VENUE_CANARY`. In every other build `planted` is the constant `false`, and its branch is compiled away.

/// A bug that a rig must find.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Canary {
    /// An edit is done whatever version it expects: who edits what another has changed meanwhile undoes it.
    AnyVersion,
    /// Now and then a batch is answered as done and rolled back: sales that were acknowledged do not exist.
    BatchNeverCommitted,
    /// Now and then a change is left out of the feed: followers miss it, and the feed has a gap.
    ChangeLost,
    /// A cancelled slot's bookings keep their units: they count as sold for ever.
    ClaimsOutliveSlot,
    /// The commit is put off until the next command, long after the answers: who is killed in between has acknowledged
    /// what is not there.
    CommitAfterAnswer,
    /// A hold lives one instant too long: at its end its units are still withheld, and it can still be confirmed.
    ExpiryByLess,
    /// Now and then a batch is answered as failed although it is committed: units go to buyers who were told that nothing
    /// happened.
    FailedButCommitted,
    /// Followers are told of changes before the commit: they look for what nobody can see yet.
    FeedBeforeCommit,
    /// A restore takes the name from the old file, checks the new one again, and gives it the name only then: killed in
    /// between, it leaves none.
    GapAtRestore,
    /// A restore brings the old file's log into it before it takes the mark away that says that there may be one: killed in
    /// between, the file says that it lost its log.
    LogBeforeMark,
    /// A key's record is not written with what it did: who asks again is sold the same twice.
    IdempotencyOutsideTransaction,
    /// A booking's total counts each line once, however many places it has.
    PriceOfOne,
    /// What was paid for cancelled lines is not marked for refund.
    RefundForgotten,
    /// A postponed slot is on sale to the public as before: until it would have started.
    SaleStaysBehind,
    /// Cached inventory is used without a look at the version in the file: what other processes sold counts as free.
    StaleCache,
    /// A reader goes on reading the view it had before: what was committed before the read is not seen.
    StaleView,
    /// A due hold is closed without a change: the feed does not tell what became of the booking.
    UnannouncedExpiry,
    /// A write leaves the slot's version as it was: other processes go on with what they have cached.
    VersionNotBumped,
    /// The writer runs with `synchronous=NORMAL`: a power cut takes answered sales away.
    SynchronousNormal,
    /// Callers are answered before the commit.
    AnswerBeforeCommit,
    /// What a failed statement left of its transaction is not looked at: the next statement commits by itself.
    AutocommitUnchecked,
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
    /// Every canary; a test looks that each has a rig that finds it.
    pub const ALL: &[Self] = &[
        Self::AnyVersion,
        Self::BatchNeverCommitted,
        Self::ChangeLost,
        Self::ClaimsOutliveSlot,
        Self::CommitAfterAnswer,
        Self::ExpiryByLess,
        Self::FailedButCommitted,
        Self::FeedBeforeCommit,
        Self::GapAtRestore,
        Self::LogBeforeMark,
        Self::IdempotencyOutsideTransaction,
        Self::PriceOfOne,
        Self::RefundForgotten,
        Self::SaleStaysBehind,
        Self::StaleCache,
        Self::StaleView,
        Self::UnannouncedExpiry,
        Self::VersionNotBumped,
        Self::SynchronousNormal,
        Self::AnswerBeforeCommit,
        Self::AutocommitUnchecked,
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
            Self::AnyVersion => "any_version",
            Self::BatchNeverCommitted => "batch_never_committed",
            Self::ChangeLost => "change_lost",
            Self::ClaimsOutliveSlot => "claims_outlive_slot",
            Self::CommitAfterAnswer => "commit_after_answer",
            Self::ExpiryByLess => "expiry_by_less",
            Self::FailedButCommitted => "failed_but_committed",
            Self::FeedBeforeCommit => "feed_before_commit",
            Self::GapAtRestore => "gap_at_restore",
            Self::LogBeforeMark => "log_before_mark",
            Self::IdempotencyOutsideTransaction => "idempotency_outside_transaction",
            Self::PriceOfOne => "price_of_one",
            Self::RefundForgotten => "refund_forgotten",
            Self::SaleStaysBehind => "sale_stays_behind",
            Self::StaleCache => "stale_cache",
            Self::StaleView => "stale_view",
            Self::UnannouncedExpiry => "unannounced_expiry",
            Self::VersionNotBumped => "version_not_bumped",
            Self::SynchronousNormal => "synchronous_normal",
            Self::AnswerBeforeCommit => "answer_before_commit",
            Self::AutocommitUnchecked => "autocommit_unchecked",
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

/// Whether this bug is awake in this process, and does its harm this time: every eighth.
#[cfg(feature = "rigs")]
pub(crate) fn now_and_then(canary: Canary) -> bool {
    use std::sync::atomic::{AtomicU64, Ordering};
    static TIMES: AtomicU64 = AtomicU64::new(0);
    planted(canary) && TIMES.fetch_add(1, Ordering::Relaxed) % 8 == 7
}

/// Whether this bug does its harm this time: never.
#[cfg(not(feature = "rigs"))]
pub(crate) const fn now_and_then(_canary: Canary) -> bool {
    false
}
