//! Who may do what: by role, and to which booking.

use super::booking::Booking;
use super::caller::{Caller, Role};
use super::hold::token_fits;
use super::request::Verb;
use super::text::Buyer;

/// The lowest role that may use a verb.
pub const fn least_role(verb: &Verb) -> Role {
    match verb {
        Verb::Hold(_) | Verb::Confirm(_) | Verb::Extend(_) | Verb::Release(_) => Role::Public,
        Verb::Sell(_) | Verb::Expire(_) | Verb::Cancel(_) => Role::Terminal,
        Verb::House(_)
        | Verb::SlotOpen(_)
        | Verb::SlotClose(_)
        | Verb::ScheduleAdd(_)
        | Verb::ScheduleEdit(_)
        | Verb::SlotCancel(_)
        | Verb::SlotPostpone(_)
        | Verb::EventCreate(_)
        | Verb::EventEdit(_)
        | Verb::EventPublish(_)
        | Verb::EventCancel(_)
        | Verb::EventComplete(_)
        | Verb::EventDelete(_)
        | Verb::EventClone(_) => Role::Organizer,
    }
}

/// True if the caller's role may use the verb in this way: customers may name no other buyer than themselves.
pub fn allowed(caller: &Caller, verb: &Verb) -> bool {
    let names_another = match (caller.role, verb.buyer()) {
        (Role::Customer, Some(buyer)) => {
            caller.actor.as_ref().map(super::text::Actor::as_str) != Some(buyer.as_str())
        }
        _ => false,
    };
    least_role(verb) <= caller.role && !names_another
}

/// For whom a booking is: the one named, else the actor of a customer, else nobody in particular.
pub fn buyer(caller: &Caller, named: Option<&Buyer>) -> Option<Buyer> {
    match (named, caller.role, &caller.actor) {
        (Some(named), _, _) => Some(named.clone()),
        (None, Role::Customer, Some(actor)) => Some(Buyer::stored(actor.as_str())),
        (None, _, _) => None,
    }
}

/// True if the caller may confirm, extend or release the booking: with its token, as its buyer, or in a role
/// that acts for others.
pub fn may_act_on(caller: &Caller, booking: &Booking, token: Option<&str>) -> bool {
    let has_token = match (token, &booking.token_hash) {
        (Some(token), Some(hash)) => token_fits(token, hash),
        (None, _) | (_, None) => false,
    };
    caller.role.is_staff() || has_token || owns(caller, booking)
}

/// True if the caller is the customer for whom the booking is.
pub fn owns(caller: &Caller, booking: &Booking) -> bool {
    match (caller.role, &caller.actor, &booking.buyer) {
        (Role::Customer, Some(actor), Some(buyer)) => actor.as_str() == buyer.as_str(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::booking::tests::held;
    use crate::domain::hold::{HoldToken, Secret};
    use crate::domain::request::{Cancel, Hold, House, HouseKind, Release, Sell, Wanted};

    fn customer(actor: &str) -> Caller {
        Caller::new(Role::Customer).actor(actor.parse().unwrap())
    }

    #[test]
    fn every_verb_has_its_least_role() {
        let slot = || "m@2027-09-04T19:30".parse().unwrap();
        let booking = "7Q4ZK2MB".parse().unwrap();
        let wanted = Wanted::default;
        let table = [
            (
                Verb::Hold(Hold { slot: slot(), wanted: wanted(), ttl: None, buyer: None }),
                Role::Public,
            ),
            (Verb::Release(Release { booking }), Role::Public),
            (
                Verb::Sell(Sell { slot: slot(), wanted: wanted(), payment: None, buyer: None }),
                Role::Terminal,
            ),
            (Verb::Cancel(Cancel { booking, line: vec![], reason: None }), Role::Terminal),
            (
                Verb::House(House {
                    slot: slot(),
                    wanted: wanted(),
                    kind: HouseKind::Hold,
                    lift: false,
                }),
                Role::Organizer,
            ),
        ];
        for (verb, least) in table {
            for role in [Role::Public, Role::Customer, Role::Terminal, Role::Organizer, Role::Admin]
            {
                let caller = Caller { role, ..customer("c") };
                assert_eq!(allowed(&caller, &verb), role >= least, "{} as {role:?}", verb.name());
            }
        }
    }

    #[test]
    fn customers_hold_for_themselves_only() {
        let hold = |buyer: Option<&str>| {
            Verb::Hold(Hold {
                slot: "m@2027-09-04T19:30".parse().unwrap(),
                wanted: Wanted::default(),
                ttl: None,
                buyer: buyer.map(|b| b.parse().unwrap()),
            })
        };
        assert!(allowed(&customer("c"), &hold(Some("c"))));
        assert!(!allowed(&customer("c"), &hold(Some("d"))));
        assert!(allowed(&Caller { role: Role::Terminal, ..customer("c") }, &hold(Some("d"))));
        assert_eq!(buyer(&customer("c"), None).unwrap().as_str(), "c");
        assert_eq!(buyer(&Caller { role: Role::Terminal, ..customer("c") }, None), None);
    }

    #[test]
    fn a_hold_is_its_makers_by_token_or_name() {
        let secret = Secret::new([4; 32]);
        let mut booking = held();
        let token = HoldToken::of(&secret, booking.id);
        booking.token_hash = Some(token.hash());
        let anybody = Caller::new(Role::Public);
        assert!(!may_act_on(&anybody, &booking, None));
        assert!(!may_act_on(&anybody, &booking, Some("00")));
        assert!(may_act_on(&anybody, &booking, Some(&token.text())));
        assert!(may_act_on(&customer("b-1"), &booking, None));
        assert!(!may_act_on(&customer("b-2"), &booking, None));
        assert!(!may_act_on(&Caller { role: Role::Public, ..customer("b-1") }, &booking, None));
        assert!(may_act_on(&Caller::local(), &booking, None));
    }

    #[test]
    fn nobody_acts_for_another_without_a_name_of_their_own() {
        let hold = Verb::Hold(Hold {
            slot: "m@2027-09-04T19:30".parse().unwrap(),
            wanted: Wanted::default(),
            ttl: None,
            buyer: Some("c".parse().unwrap()),
        });
        assert!(!allowed(&Caller::new(Role::Customer), &hold));
        assert_eq!(buyer(&Caller::new(Role::Customer), None), None);
        let named: Buyer = "d".parse().unwrap();
        assert_eq!(buyer(&Caller::local(), Some(&named)), Some(named));
    }
}
