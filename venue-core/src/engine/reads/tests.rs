//! Claims about the reading verbs, on real files.

mod paging;
mod rig;
mod sight;
mod state;
