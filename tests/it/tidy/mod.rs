//! The shape of the code, as far as a test can read it: who names whom, what only one place may do, and that what is
//! written about the code is true.

mod code;
mod direction;
mod documents;
mod habits;
