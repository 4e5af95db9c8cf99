//! What the rigs share: files with real content, made in a moment.

pub mod big_hall;
pub mod canaries;
pub mod children;
pub mod dice;
pub mod disk;
pub mod fixture;
pub mod history;
pub mod model;
pub mod office;
pub mod oracle;
pub mod panics;
pub mod peers;
pub mod scenario;
pub mod stage;
pub mod stage_events;
