//! What changes bookings and slots: each is one request, checked before the file is opened.

use venue_core::domain::reply::{HouseDone, Reply, SlotSwitched};
use venue_core::domain::request::{self, Verb};

use super::{lifecycle, progress::Progress, show};
use crate::args::{Booked, Cancel, Confirm, Hold, House, Sell, SlotCancel, SlotPostpone, Switch};
use crate::config::{Config, token};
use crate::exit::{Exit, Failure};
use crate::output::{Facts, Output, Table, receipt};

type Ended = Result<Exit, Failure>;

/// `venue hold`
pub(crate) fn hold(args: Hold, config: &Config, output: &mut Output) -> Ended {
    let wanted = args.wanted.into_request();
    let hold = request::Hold { slot: args.slot, wanted, ttl: args.ttl, buyer: args.buyer };
    act(hold.into(), None, config, output)
}

/// `venue sell`
pub(crate) fn sell(args: Sell, config: &Config, output: &mut Output) -> Ended {
    let wanted = args.wanted.into_request();
    let (slot, payment, buyer) = (args.slot, args.payment, args.buyer);
    act(request::Sell { slot, wanted, payment, buyer }.into(), None, config, output)
}

/// `venue extend`
pub(crate) fn extend(args: &Booked, config: &Config, output: &mut Output) -> Ended {
    let token = token(args.token.token_file.as_deref())?;
    act(request::Extend { booking: args.booking }.into(), token, config, output)
}

/// `venue confirm`
pub(crate) fn confirm(args: Confirm, config: &Config, output: &mut Output) -> Ended {
    let token = token(args.token.token_file.as_deref())?;
    let (booking, payment) = (args.booking, args.payment);
    act(request::Confirm { booking, payment }.into(), token, config, output)
}

/// `venue release`
pub(crate) fn release(args: &Booked, config: &Config, output: &mut Output) -> Ended {
    let token = token(args.token.token_file.as_deref())?;
    act(request::Release { booking: args.booking }.into(), token, config, output)
}

/// `venue expire`
pub(crate) fn expire(args: &Booked, config: &Config, output: &mut Output) -> Ended {
    let token = token(args.token.token_file.as_deref())?;
    act(request::Expire { booking: args.booking }.into(), token, config, output)
}

/// `venue cancel`
pub(crate) fn cancel(args: Cancel, config: &Config, output: &mut Output) -> Ended {
    let (booking, line, reason) = (args.booking, args.line, args.reason);
    act(request::Cancel { booking, line, reason }.into(), None, config, output)
}

/// `venue house`
pub(crate) fn house(args: House, config: &Config, output: &mut Output) -> Ended {
    let wanted = args.wanted.into_request();
    let (slot, kind, lift) = (args.slot, args.kind, args.lift);
    act(request::House { slot, wanted, kind, lift }.into(), None, config, output)
}

/// `venue slot open`
pub(crate) fn slot_open(args: Switch, config: &Config, output: &mut Output) -> Ended {
    act(Verb::SlotOpen(switch(args)), None, config, output)
}

/// `venue slot close`
pub(crate) fn slot_close(args: Switch, config: &Config, output: &mut Output) -> Ended {
    act(Verb::SlotClose(switch(args)), None, config, output)
}

/// `venue slot cancel`
pub(crate) fn slot_cancel(args: SlotCancel, config: &Config, output: &mut Output) -> Ended {
    let SlotCancel { slot, dry_run, reason, expected_version } = args;
    act(
        request::SlotCancel { slot, dry_run, reason, expected_version }.into(),
        None,
        config,
        output,
    )
}

/// `venue slot postpone`
pub(crate) fn slot_postpone(args: SlotPostpone, config: &Config, output: &mut Output) -> Ended {
    let SlotPostpone { slot, to, dry_run, expected_version } = args;
    act(request::SlotPostpone { slot, to, dry_run, expected_version }.into(), None, config, output)
}

fn switch(args: Switch) -> request::SlotSwitch {
    request::SlotSwitch { slot: args.slot, expected_version: args.expected_version }
}

pub(super) fn act(
    verb: Verb,
    token: Option<String>,
    config: &Config,
    output: &mut Output,
) -> Ended {
    verb.validate()?;
    tracing::debug!(verb = verb.name(), "asking");
    let engine = config.open()?;
    let only_asks = verb.is_dry_run();
    let mut request = config.request(verb);
    if let Some(token) = token {
        request = request.token(&token);
    }
    let mut progress = Progress::new(output);
    let reply =
        engine.call_watched(request, &mut |stage, done, total| progress.at(stage, done, total));
    progress.end();
    let reply = reply?;
    if !only_asks {
        output.may_have_changed(config.key.as_ref());
    }
    show(&reply, output)?;
    Ok(Exit::Done)
}

fn show(reply: &Reply, output: &mut Output) -> Result<(), Failure> {
    match reply {
        Reply::Booking(booking) => output.answer("booking", &**booking, || receipt(booking)),
        Reply::House(done) => output.answer("house", done, || house_text(done)),
        Reply::Slot(done) => output.answer("slot", done, || slot_text(done)),
        Reply::Schedule(done) => {
            output.answer("schedule", &**done, || super::schedule::changed(done))
        }
        Reply::SlotCancel(done) => {
            output.answer("slot_cancel", done, || lifecycle::cancelled(done))
        }
        Reply::Event(event) => output.answer("event", &**event, || show::event(event)),
        Reply::EventCancel(done) => {
            output.answer("event_cancel", &**done, || lifecycle::called_off(done))
        }
        Reply::SlotPostpone(done) => {
            output.answer("slot_postpone", &**done, || lifecycle::postponed(done))
        }
        other => Err(venue_core::domain::error::Error::Bug {
            message: format!("a reply that nobody can show: {other:?}"),
        }
        .into()),
    }
}

fn house_text(done: &HouseDone) -> String {
    let facts = Facts::default()
        .fact("slot", done.slot)
        .fact("units", done.units)
        .fact("changed", done.changed.join(", "));
    let mut text = facts.text();
    if !done.refused.is_empty() {
        let mut refused = Table::new(&["not changed", "because"]);
        for unit in &done.refused {
            refused.row(&[&unit.seat, &unit.why.name()]);
        }
        text.push('\n');
        text.push_str(&refused.text());
    }
    text
}

fn slot_text(done: &SlotSwitched) -> String {
    let state = if done.closed { "closed" } else { "open" };
    Facts::default()
        .fact("slot", done.slot)
        .fact("state", state)
        .fact("version", done.version)
        .text()
}
