//! What the kiosk asks of the engine, and the thread that hears what others do.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use venue_core::domain::query::{Feed, SlotMapShow};
use venue_core::domain::view::SlotMap;
use venue_core::{
    Answer, BookingName, BookingView, Caller, Confirm, Engine, Error, Hold, ImportOptions, Instant,
    NewFile, OpenOptions, Query, Release, SlotName, Wanted,
};

use crate::Trouble;

/// How long the listener waits for changes before it lets the slot be read all the same: that the hold of somebody else
/// is over is no change until it is swept.
const PATIENCE: Duration = Duration::from_secs(1);
/// Where the season of the show is.
const SEASON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/arena-season.toml");
/// The game that is sold for show.
const GAME: &str = "heimspiele-2027-28@2027-12-26T17:00";

/// An open file, and the slot that is sold.
#[derive(Debug)]
pub struct Office {
    engine: Engine,
    caller: Caller,
    slot: SlotName,
    _folder: Option<tempfile::TempDir>,
}

impl Office {
    /// Opens a file, to sell one of its slots.
    ///
    /// # Errors
    /// What the engine says.
    pub fn open(file: &Path, slot: SlotName) -> Result<Self, Trouble> {
        let engine = Engine::open(file, &OpenOptions::default())?;
        let caller = Caller::local().terminal("kiosk".parse()?);
        Ok(Self { engine, caller, slot, _folder: None })
    }

    /// Makes a file that goes away with the kiosk.
    ///
    /// # Errors
    /// What the engine says.
    pub fn for_show() -> Result<Self, Trouble> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("arena.venue");
        Engine::create(&file, &NewFile::default(), &OpenOptions::default())?;
        let office = Self::open(&file, GAME.parse()?)?;
        let options = ImportOptions::default();
        office.engine.import(&office.caller, &[SEASON.into()], &options, &mut |_, _, _| ())?;
        Ok(Self { _folder: Some(folder), ..office })
    }

    /// The slot with every seat, as of now.
    ///
    /// # Errors
    /// What the engine says.
    pub fn map(&self) -> Result<SlotMap, Error> {
        let query = Query::SlotMap(SlotMapShow { slot: self.slot.clone() });
        match self.engine.query(&self.caller, &query)? {
            Answer::SlotMap(map) => Ok(*map),
            other => Err(Error::Bug { message: format!("a map was asked for, not {other:?}") }),
        }
    }

    /// Holds these seats.
    ///
    /// # Errors
    /// Refused `seats_taken` and others; see [`Engine::hold`].
    pub fn hold(&self, seats: &[String]) -> Result<BookingView, Trouble> {
        let seats = seats.iter().map(|seat| seat.parse()).collect::<Result<_, _>>()?;
        Ok(self.engine.hold(&self.caller, Hold::new(self.slot.clone(), Wanted::seats(seats)))?)
    }

    /// Sells what is held.
    ///
    /// # Errors
    /// Refused `hold_expired` and others; see [`Engine::confirm`].
    pub fn sell(&self, hold: &BookingView) -> Result<BookingView, Trouble> {
        Ok(self.engine.confirm(&self.caller, Confirm::new(BookingName::Id(hold.id)))?)
    }

    /// Gives back what is held.
    ///
    /// # Errors
    /// See [`Engine::release`].
    pub fn release(&self, hold: &BookingView) -> Result<(), Trouble> {
        let _ = self.engine.release(&self.caller, Release::new(BookingName::Id(hold.id)))?;
        Ok(())
    }

    /// What time it is in the file.
    ///
    /// # Errors
    /// Storage failures.
    pub fn now(&self) -> Result<Instant, Error> {
        self.engine.clock_show().map(|clock| clock.wall.max(clock.floor))
    }

    /// Hears of everything that happens to the slot from now on, in any process: the receiver gets a message each time, and one
    /// now and then when nothing happens.
    ///
    /// # Errors
    /// What the engine says.
    pub fn listen(&self) -> Result<Receiver<Result<(), Error>>, Error> {
        let mut feed =
            Feed { slot: Some(self.slot.clone()), limit: Some(1_000), ..Feed::default() };
        loop {
            let answer = self.engine.query(&self.caller, &Query::Feed(feed.clone()))?;
            let Answer::Feed(page) = answer else { break };
            let ended = page.items.is_empty() && page.next == feed.after;
            feed.after = page.next;
            if ended {
                break;
            }
        }
        let mut follower = self.engine.follow(&self.caller, feed);
        let (tell, told) = channel();
        std::thread::spawn(move || {
            loop {
                let heard = follower.next(PATIENCE);
                let failed = heard.is_err();
                // Nobody listens any more, or nothing more will be heard.
                if tell.send(heard.map(drop)).is_err() || failed {
                    return;
                }
            }
        });
        Ok(told)
    }

    /// Closes the file; whoever listens hears so.
    pub fn close(&self) {
        self.engine.close();
    }
}
