//! A request that wasn't taken as a whole: the code, what exactly, and who decided meanwhile.

use crate::store::StoreError;
use outpost_model::id::UserId;
use outpost_model::judge::Denial;
use outpost_model::problem::Code;
use outpost_model::time::Millis;

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {detail}", .code.name())]
pub struct Denied {
    pub code: Code,
    pub detail: String,
    /// Who decided meanwhile, and when.
    pub by: Option<(UserId, Millis)>,
}

impl Denied {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), by: None }
    }
}

impl From<Denial> for Denied {
    fn from(denial: Denial) -> Self {
        Self { code: denial.code, detail: denial.detail, by: denial.by }
    }
}

impl From<StoreError> for Denied {
    /// The cause is the operator's to read, in the log; whoever asked can only try again.
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::new(Code::StorageTrouble, "")
    }
}
