//! What a power cut leaves: the record is played forward, and at any instant an image is made of what is certain and
//! a choice of what is not.
//!
//! Certain is what a file was when it was last synced. Each write since then is kept, dropped or torn at the edges of
//! sectors; what a write adds to a file's length can be kept or lost without its bytes. After a sync that failed, the
//! writes before it stay doubtful for ever: the system forgets them, whatever is synced later. Names are certain once
//! their folder was synced.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::state::{Act, File, Image, write_into};
use crate::dice::Dice;

/// How an image chooses among what is not certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing of it is there.
    Nothing,
    /// All of it is there.
    All,
    /// What came first is there, the next write is torn, the rest is gone.
    First,
    /// Each for itself.
    Each,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::All, Self::First, Self::Each];
}

/// A change of a file that is not certain yet.
#[derive(Debug, Clone)]
enum Change {
    Write { at: usize, bytes: Arc<[u8]>, forgotten: bool },
    Truncate(usize),
}

/// A file between two syncs.
#[derive(Debug, Clone, Default)]
struct Kept {
    certain: Vec<u8>,
    /// What failed syncs left in doubt for ever, in order; nothing certain lies over it.
    forgotten: Vec<(usize, Vec<u8>)>,
    /// What came since the last sync, each with its place in the record.
    doubtful: Vec<(usize, Change)>,
}

/// The record, played up to an instant.
#[derive(Debug)]
pub struct Replay {
    log: Vec<Act>,
    at: usize,
    files: BTreeMap<File, Kept>,
    names: BTreeMap<String, File>,
    naming: Vec<(usize, Act)>,
}

impl Replay {
    /// A disk's record from its beginning, where it held `base`.
    pub fn of(disk: &super::RamDisk, base: &Image) -> Self {
        let kept = |content: &Vec<u8>| Kept { certain: content.clone(), ..Kept::default() };
        Self {
            log: disk.state().log.clone(),
            at: 0,
            files: base.files.iter().map(|(file, content)| (*file, kept(content))).collect(),
            names: base.names.clone(),
            naming: Vec::new(),
        }
    }

    /// Instants after which something was synced or failed to be: where most can be lost.
    pub fn syncs(&self) -> Vec<usize> {
        let sync = |act: &Act| matches!(act, Act::Synced { .. } | Act::NotSynced { .. });
        (1..=self.log.len()).filter(|at| sync(&self.log[at - 1])).collect()
    }

    /// The instants that there are: 0 to this.
    pub fn end(&self) -> usize {
        self.log.len()
    }

    /// Plays on, to an instant that is not before the last one.
    ///
    /// # Panics
    /// If it is.
    pub fn play_to(&mut self, instant: usize) {
        assert!(self.at <= instant, "the record is played forward");
        while self.at < instant {
            let act = self.log[self.at].clone();
            self.play(act);
            self.at += 1;
        }
    }

    fn play(&mut self, act: Act) {
        let at = self.at;
        match act {
            Act::Write { file, at: place, bytes } => {
                let change = Change::Write { at: place, bytes, forgotten: false };
                self.files.entry(file).or_default().doubtful.push((at, change));
            }
            Act::Truncate { file, length } => {
                let doubtful = &mut self.files.entry(file).or_default().doubtful;
                doubtful.push((at, Change::Truncate(length)));
            }
            Act::Synced { file } => self.files.entry(file).or_default().settle(),
            Act::NotSynced { file } => {
                for (_, change) in &mut self.files.entry(file).or_default().doubtful {
                    if let Change::Write { forgotten, .. } = change {
                        *forgotten = true;
                    }
                }
            }
            Act::FolderSynced => {
                for (_, act) in std::mem::take(&mut self.naming) {
                    rename(&mut self.names, &act);
                }
            }
            Act::Named { .. } | Act::Renamed { .. } | Act::Removed { .. } => {
                self.naming.push((at, act));
            }
        }
    }

    /// An image of this instant.
    pub fn image(&self, mode: Mode, dice: &mut Dice) -> Image {
        let mut places: Vec<usize> =
            self.files.values().flat_map(|kept| kept.doubtful.iter().map(|(at, _)| *at)).collect();
        places.extend(self.naming.iter().map(|(at, _)| *at));
        places.sort_unstable();
        // In the mode that keeps what came first: the act at this place is torn.
        let edge = if places.is_empty() { 0 } else { *dice.one_of(&places) };
        let names = self.chosen_names(mode, edge, dice);
        let files = names.values().map(|file| (*file, self.content(*file, mode, edge, dice)));
        Image { files: files.collect(), names }
    }

    fn chosen_names(&self, mode: Mode, edge: usize, dice: &mut Dice) -> BTreeMap<String, File> {
        let mut names = self.names.clone();
        let each = mode == Mode::Each && dice.percent(50);
        let first = if self.naming.is_empty() { 0 } else { dice.below(self.naming.len() + 1) };
        for (order, (at, act)) in self.naming.iter().enumerate() {
            let kept = match mode {
                Mode::Nothing => false,
                Mode::All => true,
                Mode::First => *at < edge,
                Mode::Each if each => dice.percent(50),
                Mode::Each => order < first,
            };
            if kept {
                rename(&mut names, act);
            }
        }
        names
    }

    fn content(&self, file: File, mode: Mode, edge: usize, dice: &mut Dice) -> Vec<u8> {
        let Some(kept) = self.files.get(&file) else { return Vec::new() };
        let mut content = kept.certain.clone();
        for (at, bytes) in &kept.forgotten {
            match mode {
                Mode::Nothing => {}
                Mode::All => write_into(&mut content, *at, bytes),
                Mode::First | Mode::Each => scatter(&mut content, *at, bytes, dice),
            }
        }
        for (place, change) in &kept.doubtful {
            let whole = match mode {
                Mode::Nothing => false,
                Mode::All => true,
                Mode::First => *place < edge,
                Mode::Each => dice.percent(40),
            };
            match change {
                Change::Truncate(length) if whole => content.resize(*length, 0),
                Change::Truncate(_) => {}
                Change::Write { at, bytes, .. } if whole => write_into(&mut content, *at, bytes),
                Change::Write { at, bytes, .. } => match mode {
                    Mode::First if *place == edge => tear(&mut content, *at, bytes, dice),
                    Mode::Each if dice.percent(50) => scatter(&mut content, *at, bytes, dice),
                    Mode::Nothing | Mode::All | Mode::First => {}
                    // Dropped; that the file grew can be certain all the same.
                    Mode::Each => {
                        if dice.percent(50) && content.len() < at + bytes.len() {
                            content.resize(at + bytes.len(), 0);
                        }
                    }
                },
            }
        }
        content
    }
}

impl Kept {
    /// After a sync: what was not forgotten is certain, and covers what was.
    fn settle(&mut self) {
        for (_, change) in std::mem::take(&mut self.doubtful) {
            match change {
                Change::Write { at, bytes, forgotten: true } => {
                    self.forgotten.push((at, bytes.to_vec()));
                }
                Change::Write { at, bytes, forgotten: false } => {
                    write_into(&mut self.certain, at, &bytes);
                    self.cover(at, at + bytes.len());
                }
                Change::Truncate(length) => {
                    self.certain.resize(length, 0);
                    self.cover(length, usize::MAX);
                }
            }
        }
    }

    /// Takes a range out of what was forgotten.
    fn cover(&mut self, from: usize, to: usize) {
        let old = std::mem::take(&mut self.forgotten);
        for (at, bytes) in old {
            let end = at + bytes.len();
            if end <= from || at >= to {
                self.forgotten.push((at, bytes));
                continue;
            }
            if at < from {
                self.forgotten.push((at, bytes[..from - at].to_vec()));
            }
            if end > to {
                self.forgotten.push((to, bytes[to - at..].to_vec()));
            }
        }
    }
}

/// Changes names as an act did, where it still can.
fn rename(names: &mut BTreeMap<String, File>, act: &Act) {
    match act {
        Act::Named { name, file } => {
            names.insert(name.clone(), *file);
        }
        Act::Renamed { from, to } => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
        Act::Removed { name } => {
            names.remove(name);
        }
        Act::Write { .. }
        | Act::Truncate { .. }
        | Act::Synced { .. }
        | Act::NotSynced { .. }
        | Act::FolderSynced => {}
    }
}

/// The parts of a write, cut at the edges of sectors of 512 bytes or 4 KiB.
fn sectors(at: usize, length: usize, dice: &mut Dice) -> Vec<(usize, usize)> {
    let sector = *dice.one_of(&[512, 4_096]);
    let mut parts = Vec::new();
    let mut from = at;
    while from < at + length {
        let to = ((from / sector + 1) * sector).min(at + length);
        parts.push((from - at, to - at));
        from = to;
    }
    parts
}

/// Keeps the first sectors of a write.
fn tear(content: &mut Vec<u8>, at: usize, bytes: &[u8], dice: &mut Dice) {
    let parts = sectors(at, bytes.len(), dice);
    let kept = dice.below(parts.len() + 1);
    if let Some((_, to)) = parts[..kept].last() {
        write_into(content, at, &bytes[..*to]);
    }
}

/// Keeps any sectors of a write.
fn scatter(content: &mut Vec<u8>, at: usize, bytes: &[u8], dice: &mut Dice) {
    for (from, to) in sectors(at, bytes.len(), dice) {
        if dice.percent(50) {
            write_into(content, at + from, &bytes[from..to]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fault, Kind, RamDisk};
    use super::*;

    /// What a file can hold after a power cut at the end of a record, over many images.
    fn outcomes(disk: &RamDisk, mode: Mode) -> Vec<Option<Vec<u8>>> {
        let mut replay = Replay::of(disk, &Image::default());
        replay.play_to(replay.end());
        let mut dice = Dice::new(1);
        let all =
            (0..500).map(|_| replay.image(mode, &mut dice).content("file").map(<[u8]>::to_vec));
        let mut all: Vec<_> = all.collect();
        all.sort();
        all.dedup();
        all
    }

    /// A disk with a file under a certain name, of two sectors of ones that are certain too.
    fn disk() -> (std::sync::Arc<RamDisk>, File) {
        let disk = RamDisk::empty();
        let mut state = disk.state();
        let file = state.make("file").unwrap();
        state.write(file, 0, &[1; 1_024]).unwrap();
        state.sync(file).unwrap();
        state.sync_folder().unwrap();
        drop(state);
        (disk, file)
    }

    #[test]
    fn what_was_synced_is_certain_and_what_was_not_may_be_lost_or_torn() {
        let (disk, file) = disk();
        assert!(Mode::ALL.iter().all(|mode| outcomes(&disk, *mode) == [Some(vec![1; 1_024])]));
        disk.state().write(file, 0, &[2; 1_024]).unwrap();
        let torn = [[1; 512], [2; 512]].concat();
        let other = [[2; 512], [1; 512]].concat();
        let all = [Some(vec![1; 1_024]), Some(torn), Some(other.clone()), Some(vec![2; 1_024])];
        assert_eq!(outcomes(&disk, Mode::Each), all);
        assert_eq!(outcomes(&disk, Mode::First), [all[0].clone(), Some(other), all[3].clone()]);
        assert_eq!(outcomes(&disk, Mode::Nothing), [all[0].clone()]);
        assert_eq!(outcomes(&disk, Mode::All), [all[3].clone()]);
    }

    #[test]
    fn what_a_failed_sync_was_to_save_stays_in_doubt_until_something_certain_covers_it() {
        let (disk, file) = disk();
        disk.arm(&[Fault::once(Kind::Sync, 1)]);
        let mut state = disk.state();
        state.write(file, 0, &[2; 512]).unwrap();
        assert!(state.sync(file).is_err() && state.sync(file).is_ok());
        drop(state);
        assert_eq!(outcomes(&disk, Mode::Each).len(), 2, "the next sync does not save it");
        let mut state = disk.state();
        state.write(file, 0, &[3; 512]).unwrap();
        state.sync(file).unwrap();
        drop(state);
        assert_eq!(outcomes(&disk, Mode::Each), [Some([[3; 512], [1; 512]].concat())]);
    }

    #[test]
    fn a_name_may_be_lost_until_its_folder_is_synced() {
        let disk = RamDisk::empty();
        let mut state = disk.state();
        let file = state.make("file").unwrap();
        state.sync(file).unwrap();
        drop(state);
        assert_eq!(outcomes(&disk, Mode::Each), [None, Some(Vec::new())]);
        disk.state().sync_folder().unwrap();
        assert_eq!(outcomes(&disk, Mode::Nothing), [Some(Vec::new())]);
    }
}
