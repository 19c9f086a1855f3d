//! The program `hallpass`.

use std::process::ExitCode;

/// Requests pass memory from thread to thread (a write is made on one, run and dropped on another), which the system's
/// own allocator does slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    hallpass::cli::run(std::env::args_os())
}
