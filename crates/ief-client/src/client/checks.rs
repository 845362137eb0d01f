//! The documented rules, before anything is sent.

use ief_api::operation::{Call, CallError, Operation};
use ief_api::rules::Violation;

use crate::error::Error;

macro_rules! violations {
    ($($operation:path,)+) => {
        fn violations(call: &Call) -> Result<Vec<Violation>, CallError> {
            $(if call.operation == <$operation as Operation>::SPEC.name {
                return <$operation as Operation>::from_call(call).map(|o| o.violations());
            })+
            Err(CallError::UnknownOperation(call.operation.clone()))
        }
    };
}
ief_api::for_each_operation!(violations);

/// Checks a call against its operation and the documented rules without sending it.
///
/// # Errors
/// [`Error::InvalidCall`] or [`Error::Violations`].
pub fn check(call: &Call) -> Result<(), Error> {
    let spec = super::spec_of(call)?;
    call.check_names(spec)
        .map_err(|error| Error::call(&call.operation, error))?;
    let found = violations(call).map_err(|error| Error::call(&call.operation, error))?;
    refuse(&call.operation, found)
}

pub(super) fn refuse(operation: &str, violations: Vec<Violation>) -> Result<(), Error> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Violations {
            operation: operation.to_owned(),
            violations,
        })
    }
}
