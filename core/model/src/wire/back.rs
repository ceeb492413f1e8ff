//! Rows that come back (`POST /v1/bring-back`): after the server's log was put back to an earlier time, a phone offers
//! the rows that it was shipped and that the log lacks, whoever wrote them, word for word and with their codes.

use super::{LogRow, Verdict};
use minicbor::{Decode, Encode};

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct BringBack {
    /// Headers (canonical JSON) of the pages that the rows stand on.
    #[n(0)]
    pub pages: Vec<String>,
    /// In the order of the sequence that they had.
    #[n(1)]
    pub rows: Vec<BackRow>,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct BackRow {
    /// Index of the page's header; none for what stands on no page.
    #[n(0)]
    pub page: Option<u32>,
    #[n(1)]
    pub row: LogRow,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct BroughtBack {
    /// One a row, in their order. The envelope of one that was taken has its new place in the log.
    #[n(0)]
    pub verdicts: Vec<Verdict>,
}
