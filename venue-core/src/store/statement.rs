//! How the modules of the store declare their statements.

/// Declares statements: `NAME = "SQL" (kinds of parameters) -> (kinds of columns);`, and a list of them all.
/// Introduced by `doubt:` every column may be null, whatever the schema promises: for those who judge a file.
macro_rules! statements {
    (doubt: $($name:ident = $sql:literal ($($parameter:ident),*) -> ($($column:ident),*);)*) => {
        $crate::store::statement::statements! {
            $($name = $sql ($($parameter),*) => [$($crate::store::boundary::Kind::$column.or_null()),*];)*
        }
    };
    ($($name:ident = $sql:literal ($($parameter:ident),*) -> ($($column:ident),*);)*) => {
        $crate::store::statement::statements! {
            $($name = $sql ($($parameter),*) => [$($crate::store::boundary::Kind::$column),*];)*
        }
    };
    ($($name:ident = $sql:literal ($($parameter:ident),*) => [$($column:expr),*];)*) => {
        $(
            static $name: $crate::store::boundary::Statement = $crate::store::boundary::Statement {
                name: stringify!($name),
                sql: $sql,
                parameters: &[$($crate::store::boundary::Kind::$parameter),*],
                columns: &[$($column),*],
            };
        )*
        /// Every statement of this module, for the test that prepares them.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::store::boundary::Statement] = &[$(&$name),*];
    };
}
pub(crate) use statements;

use std::borrow::Cow;
use std::sync::Arc;

use super::boundary::Value;

/// A text as a value.
pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.into())
}

/// A shared text as a value.
pub(crate) fn shared(value: &Arc<str>) -> Value {
    Value::Text(Arc::clone(value))
}

/// A text or null.
pub(crate) fn maybe_text(value: Option<Arc<str>>) -> Value {
    value.map_or(Value::Null, Value::Text)
}

/// An integer or null.
pub(crate) fn maybe_int(value: Option<i64>) -> Value {
    value.map_or(Value::Null, Value::Int)
}

/// A truth as a value.
pub(crate) fn truth(value: bool) -> Value {
    Value::Int(i64::from(value))
}

/// A text that is mostly one of the program's own words.
pub(crate) fn word(value: &Cow<'static, str>) -> Value {
    match value {
        Cow::Borrowed(value) => Value::Word(value),
        Cow::Owned(value) => text(value),
    }
}
