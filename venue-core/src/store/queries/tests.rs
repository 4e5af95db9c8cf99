//! Claims about the statements of the reading verbs.
