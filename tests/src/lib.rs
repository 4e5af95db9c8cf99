//! What the rigs share.
