//! `venue-kiosk [FILE SLOT]`: sells the slot of the file. Without them it makes a file that goes away, with the season of
//! an arena.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use venue_kiosk::office::Office;
use venue_kiosk::{Trouble, run};

fn main() -> ExitCode {
    match sell(&std::env::args_os().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            // The terminal may be what is gone.
            let _ = writeln!(io::stderr(), "error: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn sell(arguments: &[OsString]) -> Result<(), Trouble> {
    let office = match arguments {
        [] => Office::for_show()?,
        [file, slot] => {
            let slot = slot.to_str().ok_or("the slot is no text in UTF-8")?;
            Office::open(file.as_ref(), slot.parse()?)?
        }
        _ => {
            return Err(
                "usage: venue-kiosk [FILE SLOT], as in kino.venue metropolis@2027-01-07T20:00"
                    .into(),
            );
        }
    };
    run::run(&office)
}
