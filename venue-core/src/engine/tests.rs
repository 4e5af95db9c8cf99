//! The engine on a real file.
