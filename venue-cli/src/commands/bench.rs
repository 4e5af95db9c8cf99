//! How fast this machine sells, and the demo.

use std::io::IsTerminal;
use std::time::Duration;

use crate::args::Bench;
use crate::bench::{self, Options};
use crate::config::Config;
use crate::demo;
use crate::exit::{Exit, Failure};
use crate::output::{Output, width};

/// `venue bench`
pub(crate) fn bench(args: &Bench, config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let place = config.place()?;
    place.make_folders()?;
    let usual = Options::new(place.path);
    let style = output.style();
    let options = Options {
        verb: args.verb.unwrap_or(usual.verb),
        callers: args.callers.unwrap_or(usual.callers),
        processes: args.processes.unwrap_or(usual.processes),
        quantity: args.quantity.unwrap_or(usual.quantity),
        slots: args.slots.unwrap_or(usual.slots),
        lasts: args.seconds.map_or(usual.lasts, |seconds| Duration::from_secs(seconds.into())),
        capacity: args.capacity,
        allow_fs: config.allow_fs,
        json: style.json,
        quiet: style.quiet,
        bars: !style.quiet && std::io::stderr().is_terminal(),
        ..usual
    };
    let sound = output.lend(|out| bench::run(&options, out, &mut std::io::stderr()))??;
    Ok(if sound { Exit::Done } else { Exit::NotSound })
}

/// `venue demo`
pub(crate) fn demo(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let style = output.style();
    let options = demo::Options {
        db: config.named_place()?.map(|place| place.path),
        allow_fs: config.allow_fs,
        json: style.json,
        color: style.colour,
        quiet: style.quiet,
        bars: !style.quiet && std::io::stderr().is_terminal(),
        width: width(),
        ..demo::Options::default()
    };
    output.may_have_changed(None);
    let sound = output.lend(|out| demo::run(&options, out, &mut std::io::stderr()))??;
    Ok(if sound { Exit::Done } else { Exit::NotSound })
}
