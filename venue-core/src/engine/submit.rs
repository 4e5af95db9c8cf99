//! Commands as futures, for hosts with an async runtime of their own.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::domain::error::Error;
use crate::domain::reply::Reply;
use crate::domain::text::Key;
use crate::store::sqlite::SqliteStore;

use super::leader::Leader;
use super::queue::Pending;
use super::sync::Deadline;
use super::{Engine, Queue, Request, size_of_command};

/// A command on its way. Any runtime can await it. Dropped, it is withdrawn if it was not begun; else it is
/// done all the same, and its key finds the answer.
#[must_use = "a future does nothing to its caller until it is awaited"]
pub struct Submitted {
    state: State,
    engine: Engine,
}

enum State {
    Refused(Option<Error>),
    Waiting(Box<Pending<Leader<SqliteStore>>>, Key),
    /// A thread ends what the command began.
    Finishing(Arc<Mutex<Finishing>>),
}

/// What a thread that ends a command has come to, and who wants to know.
#[derive(Default)]
struct Finishing {
    answer: Option<Result<Reply, Error>>,
    waker: Option<Waker>,
}

impl std::fmt::Debug for Submitted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Submitted").finish_non_exhaustive()
    }
}

impl Engine {
    /// Enqueues a command and gives a future of its answer. It is on its way at once, before the first poll.
    ///
    /// # Errors
    /// As by [`Engine::call`].
    ///
    /// # Concurrency
    /// Starts a thread that leads while futures wait and no blocking caller does; it leaves when idle. What goes on
    /// in steps after it was begun, such as cancelling a slot, has a thread of its own until it is done.
    pub fn submit(&self, request: impl Into<Request>) -> Submitted {
        let admitted = self.check_process().and_then(|()| self.admit(request.into()));
        let state = match admitted {
            Err(error) => State::Refused(Some(error)),
            Ok((command, deadline)) => {
                let (size, key) = (size_of_command(&command), command.key.clone());
                let queue = &self.inner.queue;
                let pending = Queue::submit(queue, command, size, Deadline::after(deadline));
                State::Waiting(Box::new(pending), key)
            }
        };
        Submitted { state, engine: self.clone() }
    }
}

impl Future for Submitted {
    type Output = Result<Reply, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        match &mut this.state {
            State::Refused(error) => {
                let error = error.take().unwrap_or_else(|| Error::Bug {
                    message: "a future was polled after it was ready".to_owned(),
                });
                Poll::Ready(Err(error))
            }
            State::Waiting(pending, key) => match Pin::new(&mut **pending).poll(context) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(outcome) => {
                    let key = key.clone();
                    match this.engine.answer(outcome, key.clone()) {
                        Ok(reply) if Engine::is_begun(&reply) => {
                            let finishing = finish(&this.engine, reply, key);
                            this.state = State::Finishing(finishing);
                            self.poll(context)
                        }
                        answer => Poll::Ready(answer),
                    }
                }
            },
            State::Finishing(finishing) => {
                let mut finishing = lock(finishing);
                if let Some(answer) = finishing.answer.take() {
                    return Poll::Ready(answer);
                }
                finishing.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

fn lock(finishing: &Mutex<Finishing>) -> MutexGuard<'_, Finishing> {
    finishing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends what a command began, in a thread of its own: a future does not block.
fn finish(engine: &Engine, reply: Reply, key: Key) -> Arc<Mutex<Finishing>> {
    let finishing = Arc::<Mutex<Finishing>>::default();
    let (theirs, engine) = (Arc::clone(&finishing), engine.clone());
    std::thread::spawn(move || {
        let ended =
            catch_unwind(AssertUnwindSafe(|| engine.finish(reply, &key, &mut |_, _, _| {})));
        let answer = ended.unwrap_or(Err(Error::Unknown { key: Some(key), moved: false }));
        let mut finishing = lock(&theirs);
        finishing.answer = Some(answer);
        let waker = finishing.waker.take();
        drop(finishing);
        if let Some(waker) = waker {
            waker.wake();
        }
    });
    finishing
}
