//! The program: its commands are the library's, so that they are compiled once.

use std::process::ExitCode;

fn main() -> ExitCode {
    lyceum::commands::run()
}
