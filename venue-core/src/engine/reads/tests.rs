//! Claims about the reading verbs, on real files.

mod choosing;
mod paging;
mod rig;
mod sight;
mod state;
