//! Claims about the slots of schedules on real files: what is made, what is never made again, what never moves.

mod drift;
mod made;
mod office;
mod together;
