//! The table of open files. A handle is a number: 16 bits say in which process it was given, 16 how often its
//! place had been used before, 32 which place it is. So a closed, foreign or invented handle leads nowhere.
//!
//! A table belongs to one process. After a fork the child finds that the table is its parent's: it leaves that
//! one alone, locks and all, and begins its own. The old engines are never dropped there, because closing a
//! database in a child can damage what the parent has open.

use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use venue_core::domain::error::Invalid;
use venue_core::engine::Engine;
use venue_core::engine::forks::{self, Inside};

use crate::followers::{Begun, Feeds, Host, Watch, in_callback};
use crate::forking;
use crate::status::Failure;

/// An open file. 0 is never one.
#[allow(non_camel_case_types, reason = "the name that C sees")]
pub type venue_handle = u64;

/// The engine behind a handle, how many calls are using it, and its feeds.
#[derive(Debug)]
struct Opened {
    engine: Engine,
    in_flight: Mutex<usize>,
    idle: Condvar,
    /// Somebody closes it: no call begins any more. It stays in its place until it is closed, for a child that is forked
    /// meanwhile to find it.
    closing: AtomicBool,
    feeds: Feeds,
}

impl Opened {
    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }
}

#[derive(Debug)]
struct Place {
    generation: u16,
    opened: Option<Arc<Opened>>,
}

#[derive(Debug)]
struct Table {
    /// Whose it is, as [`forks::process`] says.
    owner: (u32, u64),
    /// The same in a handle.
    process: u16,
    places: Mutex<Vec<Place>>,
    /// The table of the process that this one was forked from.
    parent: Option<&'static Table>,
}

static TABLE: AtomicPtr<Table> = AtomicPtr::new(std::ptr::null_mut());

/// This process's table. Tables live for ever: a process makes one, and a child inherits its parent's.
fn table() -> &'static Table {
    loop {
        let found = TABLE.load(Ordering::Acquire);
        // SAFETY: null, or a table that was leaked below and is never freed.
        let known: Option<&'static Table> = unsafe { found.as_ref() };
        let owner = forks::process();
        if let Some(table) = known
            && table.owner == owner
        {
            return table;
        }
        let process = known.map_or(1, |parent| parent.process.wrapping_add(1).max(1));
        let fresh = Table { owner, process, places: Mutex::default(), parent: known };
        let fresh = Box::into_raw(Box::new(fresh));
        if TABLE.compare_exchange(found, fresh, Ordering::AcqRel, Ordering::Acquire).is_err() {
            // SAFETY: nobody else has seen this table: another thread's was taken.
            drop(unsafe { Box::from_raw(fresh) });
        }
    }
}

/// Locks, also after a panic: what a panic leaves behind is whole here.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Before a file is opened: takes over, once, the locks on what the processes before this one had open when they forked.
pub(crate) fn take_inherited_locks() -> Result<(), Failure> {
    /// By which process that was done last.
    static DONE_BY: Mutex<(u32, u64)> = Mutex::new((0, 0));
    let table = table();
    if table.parent.is_none() {
        return Ok(());
    }
    // Whoever opens a file at the same time waits until the locks are there. Nobody held this at the fork either.
    let mut done_by = lock(&DONE_BY);
    if *done_by == table.owner {
        return Ok(());
    }
    let mut before = table.parent;
    while let Some(parent) = before {
        // Nobody held it when the process was forked: calls were waited for.
        let places = lock(&parent.places);
        for opened in places.iter().filter_map(|place| place.opened.as_ref()) {
            forking::take_inherited_locks(opened.engine.path()).map_err(|_| Failure::Torn)?;
        }
        before = parent.parent;
    }
    *done_by = table.owner;
    Ok(())
}

/// Gives an engine a handle.
pub(crate) fn give(engine: Engine) -> Result<venue_handle, Failure> {
    let opened = Opened {
        engine,
        in_flight: Mutex::new(0),
        idle: Condvar::new(),
        closing: AtomicBool::new(false),
        feeds: Feeds::default(),
    };
    let table = table();
    let mut places = lock(&table.places);
    // A place that was used 65,535 times rests for ever: its next handle could be taken for an old one.
    let free = places
        .iter()
        .position(|place| place.opened.is_none() && place.generation < u16::MAX)
        .unwrap_or(places.len());
    let index = u32::try_from(free).map_err(|_| Failure::bug("no handle is left"))?;
    if free == places.len() {
        places.push(Place { generation: 0, opened: None });
    }
    let place = &mut places[free];
    place.generation += 1;
    place.opened = Some(Arc::new(opened));
    Ok(u64::from(table.process) << 48 | u64::from(place.generation) << 32 | u64::from(index))
}

/// The place of a handle in this process.
fn find(table: &Table, places: &[Place], handle: venue_handle) -> Result<usize, Failure> {
    let bits = |shift: u32| u16::try_from(handle >> shift & 0xffff).unwrap_or(0);
    let (process, generation) = (bits(48), bits(32));
    if process != table.process {
        let older = process != 0 && process < table.process;
        return Err(if older { Invalid::Forked.into() } else { Failure::BadHandle });
    }
    let index = usize::try_from(handle & 0xffff_ffff).unwrap_or(usize::MAX);
    let is_open = |opened: &Arc<Opened>| !opened.is_closing();
    let live = places.get(index).is_some_and(|place| {
        place.generation == generation && place.opened.as_ref().is_some_and(is_open)
    });
    if live { Ok(index) } else { Err(Failure::BadHandle) }
}

/// A call that uses an engine. While it lives, the engine is not closed, and nobody forks but while it waits.
#[derive(Debug)]
pub(crate) struct InFlight {
    opened: Arc<Opened>,
    inside: Option<Inside>,
}

impl InFlight {
    /// The engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.opened.engine
    }

    /// What follows is a wait, which a fork does not have to wait for.
    pub(crate) fn begin_waiting(&mut self) {
        self.inside = None;
    }

    /// Whether somebody closes the handle and waits for this call.
    pub(crate) fn is_closing(&self) -> bool {
        self.opened.is_closing()
    }

    /// Starts a feed that calls back.
    pub(crate) fn begin_feed(&self, watch: Watch, host: Host) -> Result<Begun, Failure> {
        self.opened.feeds.begin(watch, host)
    }

    /// Stops one. The handle can be closed meanwhile: the feed waits for nothing of the call's.
    pub(crate) fn stop_feed(mut self, number: u64) -> Result<(), Failure> {
        self.begin_waiting();
        self.opened.feeds.stop(number)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut in_flight = lock(&self.opened.in_flight);
        *in_flight -= 1;
        if *in_flight == 0 {
            self.opened.idle.notify_all();
        }
    }
}

/// Begins a call on a handle.
pub(crate) fn enter(handle: venue_handle) -> Result<InFlight, Failure> {
    // Before anything that somebody inside could wait for.
    let inside = Some(forks::enter());
    let table = table();
    let places = lock(&table.places);
    let index = find(table, &places, handle)?;
    let Some(opened) = places[index].opened.clone() else { return Err(Failure::BadHandle) };
    // Counted before the table is let go: who closes the handle afterwards waits for this call.
    *lock(&opened.in_flight) += 1;
    Ok(InFlight { opened, inside })
}

/// Takes a handle back, waits for the calls that use it and for its feeds to end, and closes its file.
pub(crate) fn take_back(handle: venue_handle) -> Result<(), Failure> {
    let inside = forks::enter();
    let table = table();
    let places = lock(&table.places);
    let index = find(table, &places, handle)?;
    if in_callback() {
        // It would wait for its own thread.
        return Err(Invalid::Reentrant.into());
    }
    let Some(opened) = places[index].opened.clone() else { return Err(Failure::BadHandle) };
    opened.closing.store(true, Ordering::Release);
    drop(places);
    // What is waited for here may have to wait for a fork.
    drop(inside);
    let mut in_flight = lock(&opened.in_flight);
    while *in_flight > 0 {
        in_flight = opened.idle.wait(in_flight).unwrap_or_else(PoisonError::into_inner);
    }
    drop(in_flight);
    opened.feeds.end();
    let _inside = forks::enter();
    opened.engine.close();
    lock(&table.places)[index].opened = None;
    Ok(())
}
