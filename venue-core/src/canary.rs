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
    /// What a failed statement left of its transaction is not looked at: the next statement commits by itself.
    AutocommitUnchecked,
    /// No fence follows a commit that failed: what was answered as failed can come back.
    NoFence,
}

#[cfg(feature = "rigs")]
impl Canary {
    /// Every canary; a test runs them all.
    pub const ALL: &[Self] = &[
        Self::SynchronousNormal,
        Self::AnswerBeforeCommit,
        Self::AutocommitUnchecked,
        Self::NoFence,
    ];

    /// Its name in `VENUE_CANARY`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SynchronousNormal => "synchronous_normal",
            Self::AnswerBeforeCommit => "answer_before_commit",
            Self::AutocommitUnchecked => "autocommit_unchecked",
            Self::NoFence => "no_fence",
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
