//! What the queue is generic over: the one who runs the batches.

/// What the leader runs: the owner of the write connection.
pub(crate) trait Runner: Send {
    /// What callers ask for.
    type Command: Send;
    /// What they are told.
    type Reply: Send;

    /// Gets ready for a batch before anything is taken from the queue, and may wait for the
    /// file's write lock. While it waits it calls `watch` every millisecond or so: that answers
    /// the commands that are late by now, and says whether anything is left to wait for. After
    /// a `false`, `begin` returns [`Begin::GaveUp`], with nothing begun. A failure to get ready
    /// is [`Begin::Ready`] with a `run` that replies with the failure.
    fn begin(&mut self, watch: &mut dyn FnMut() -> bool) -> Begin;

    /// Undoes `begin`: there is nothing to run after all.
    fn undo(&mut self);

    /// Runs one batch in arrival order. Returns the reply to each of the first k commands,
    /// 1 <= k <= length, in the same order. The others are put back to the front of the queue, in
    /// order.
    fn run(&mut self, commands: &[Self::Command]) -> Vec<Self::Reply>;

    /// Tidies up after a panic or a broken contract, and says what became of the batch.
    fn broken(&mut self) -> Fate;

    /// Called after the batch was answered and before the lead is handed on: checkpoints and the
    /// like. What it answers is called after the lead was handed on, while the next batch runs
    /// already. A panic of either is caught and forgotten.
    fn after(&mut self) -> Option<Box<dyn FnOnce()>>;
}

/// How [`Runner::begin`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    /// The batch can be taken.
    Ready,
    /// There was nothing left to wait for.
    GaveUp,
}

/// What became of a batch that broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing of it happened.
    RolledBack,
    /// Its commit had begun: nobody knows.
    CommitBegun,
}
