//! Who asks: the caller, the role it acts in, and what a role may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::{Actor, Address, Slug, Terminal};

/// In what capacity somebody acts. Each role may do what the ones before it may, and more.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody.
    Public,
    /// A buyer who is known to the host.
    Customer,
    /// A till or its operator: sells, and acts for others.
    Terminal,
    /// The organizer's staff: catalogue, house holds, kills.
    Organizer,
    /// Whoever runs the installation.
    Admin,
}

impl Role {
    /// The role's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Customer => "customer",
            Self::Terminal => "terminal",
            Self::Organizer => "organizer",
            Self::Admin => "admin",
        }
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Public, Self::Customer, Self::Terminal, Self::Organizer, Self::Admin]
            .into_iter()
            .find(|role| role.name() == name)
    }

    /// True if the role sells to others and is not bound by the public's sale window.
    pub const fn is_staff(self) -> bool {
        match self {
            Self::Public | Self::Customer => false,
            Self::Terminal | Self::Organizer | Self::Admin => true,
        }
    }
}

/// Whom a command comes from. The host vouches for it: whoever may open the file is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Caller {
    /// For which organizer; none means the only one in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<Slug>,
    /// Who acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// In which role; a terminal's by default.
    #[serde(default = "terminal")]
    pub role: Role,
    /// At which till.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<Terminal>,
    /// From which network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

fn terminal() -> Role {
    Role::Terminal
}

impl Caller {
    /// A caller in this role, not yet named.
    pub const fn new(role: Role) -> Self {
        Self { organizer: None, actor: None, role, terminal: None, address: None }
    }

    /// The box office: role terminal, as `local`.
    pub fn local() -> Self {
        Self { actor: Some(Actor::stored("local")), ..Self::new(Role::Terminal) }
    }

    /// The same caller, named.
    #[must_use]
    pub fn actor(mut self, actor: Actor) -> Self {
        self.actor = Some(actor);
        self
    }

    /// The same caller, at this till.
    #[must_use]
    pub fn terminal(mut self, terminal: Terminal) -> Self {
        self.terminal = Some(terminal);
        self
    }

    /// The same caller, acting for this organizer.
    #[must_use]
    pub fn organizer(mut self, organizer: Slug) -> Self {
        self.organizer = Some(organizer);
        self
    }

    /// True if nothing but perhaps an address tells this caller from others.
    pub const fn is_anonymous(&self) -> bool {
        self.actor.is_none() && self.terminal.is_none()
    }

    /// The scope in which this caller's idempotency keys are its own: actor, else terminal, else address.
    pub fn scope(&self) -> String {
        match (&self.actor, &self.terminal, &self.address) {
            (Some(actor), _, _) => format!("actor:{actor}"),
            (None, Some(terminal), _) => format!("terminal:{terminal}"),
            (None, None, Some(address)) => format!("address:{address}"),
            (None, None, None) => "anonymous".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_ordered_and_named() {
        assert!(Role::Public < Role::Customer && Role::Customer < Role::Terminal);
        assert!(Role::Terminal < Role::Organizer && Role::Organizer < Role::Admin);
        for role in [Role::Public, Role::Customer, Role::Terminal, Role::Organizer, Role::Admin] {
            assert_eq!(Role::named(role.name()), Some(role));
            assert_eq!(role.is_staff(), role >= Role::Terminal);
        }
        assert_eq!(Role::named("Terminal"), None);
    }

    #[test]
    fn an_actor_and_a_terminal_of_one_name_have_different_scopes() {
        let actor = Caller::new(Role::Terminal).actor("a".parse().unwrap());
        let till = Caller::new(Role::Terminal).terminal("a".parse().unwrap());
        assert_ne!(actor.scope(), till.scope());
        assert_eq!(actor.clone().terminal("b".parse().unwrap()).scope(), actor.scope());
    }

    #[test]
    fn a_role_has_one_name_in_text_and_json() {
        for (role, name) in [
            (Role::Public, "public"),
            (Role::Customer, "customer"),
            (Role::Terminal, "terminal"),
            (Role::Organizer, "organizer"),
            (Role::Admin, "admin"),
        ] {
            assert_eq!(role.name(), name);
            assert_eq!(serde_json::to_value(role).unwrap(), name);
        }
    }

    #[test]
    fn who_says_nothing_is_a_terminal_and_the_box_office_is_local() {
        let caller: Caller = serde_json::from_str("{}").unwrap();
        assert_eq!(caller, Caller::new(Role::Terminal));
        assert_eq!(Caller::local(), caller.actor("local".parse().unwrap()));
    }

    #[test]
    fn keys_are_their_actors_else_their_tills_else_their_addresss() {
        let mut caller = Caller::new(Role::Public);
        assert_eq!((caller.scope().as_str(), caller.is_anonymous()), ("anonymous", true));
        caller.address = Some("10.0.0.1".parse().unwrap());
        assert_eq!((caller.scope().as_str(), caller.is_anonymous()), ("address:10.0.0.1", true));
        let till = caller.terminal("a".parse().unwrap());
        assert_eq!((till.scope().as_str(), till.is_anonymous()), ("terminal:a", false));
        let actor = till.actor("b".parse().unwrap());
        assert_eq!((actor.scope().as_str(), actor.is_anonymous()), ("actor:b", false));
        let alone = Caller::new(Role::Public).actor("b".parse().unwrap());
        assert!(!alone.is_anonymous());
        let of_one = alone.organizer("kino".parse().unwrap());
        assert_eq!(of_one.organizer.as_ref().map(Slug::as_str), Some("kino"));
    }
}
