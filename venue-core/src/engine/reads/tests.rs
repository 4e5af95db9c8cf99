//! Claims about the reading verbs, on real files.
