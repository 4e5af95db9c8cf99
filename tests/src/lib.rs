//! What the rigs share: files with real content, made in a moment.

pub mod big_hall;
pub mod canaries;
pub mod children;
pub mod fixture;
pub mod model;
pub mod oracle;
pub mod peers;
pub mod scenario;
pub mod stage;
