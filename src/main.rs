//! The program: its commands are the library's, so that they are compiled once.

use std::process::ExitCode;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    lyceum::commands::run()
}
