//! Layout and style as tests: what the architecture says about the source tree is read back from it.

mod dependencies;
mod layers;
mod sizes;
mod source;
mod tree;
