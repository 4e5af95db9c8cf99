//! Faults of the disk: which operation fails, when, for how long, and how.

/// A kind of operation that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Opening or making a file.
    Open,
    /// Reading from a file.
    Read,
    /// Writing to a file.
    Write,
    /// Setting a file's length.
    Truncate,
    /// Syncing a file.
    Sync,
    /// Syncing the folder.
    SyncFolder,
    /// Removing a name.
    Remove,
    /// Giving a name: link and rename.
    Name,
    /// Looking what lies under a name, and how long it is.
    Look,
    /// Growing the index that connections share.
    Index,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Open,
        Self::Read,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::SyncFolder,
        Self::Remove,
        Self::Name,
        Self::Look,
        Self::Index,
    ];
}

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// An error of the device; nothing was done, a sync excepted: what it was to make certain stays doubtful.
    Error,
    /// No space is left: a write does half of its work.
    Full,
    /// A write does half of its work, then the device fails.
    Short,
}

/// An operation that is to fail: the n-th of its kind from now on, that one alone or all from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Of this kind.
    pub kind: Kind,
    /// Counted from 1.
    pub nth: u64,
    /// Whether every later one fails too.
    pub lasting: bool,
    /// How.
    pub how: How,
}

impl Fault {
    /// The n-th fails, once.
    pub const fn once(kind: Kind, nth: u64) -> Self {
        Self { kind, nth, lasting: false, how: How::Error }
    }

    /// The n-th fails and every one after it.
    pub const fn lasting(kind: Kind, nth: u64) -> Self {
        Self { kind, nth, lasting: true, how: How::Error }
    }

    /// As it is, but failing like this.
    #[must_use]
    pub const fn how(self, how: How) -> Self {
        Self { how, ..self }
    }
}

/// The faults that a disk has now.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: Vec<(Fault, u64)>,
    /// Operations that failed since the last arming.
    pub(super) struck: u64,
}

impl Faults {
    /// Only these from now on.
    pub(super) fn arm(&mut self, faults: &[Fault]) {
        self.armed = faults.iter().map(|fault| (*fault, 0)).collect();
        self.struck = 0;
    }

    /// Counts an operation; how it fails, if it does.
    pub(super) fn strike(&mut self, kind: Kind) -> Option<How> {
        let mut struck = None;
        for (fault, seen) in self.armed.iter_mut().filter(|(fault, _)| fault.kind == kind) {
            *seen += 1;
            if *seen == fault.nth || (fault.lasting && *seen > fault.nth) {
                struck = Some(fault.how);
            }
        }
        self.struck += u64::from(struck.is_some());
        struck
    }
}
