//! Why a command line ends without doing what it was asked: one sentence each, with what the reader can do.

use crate::month::MonthFault;
use outpost_server::config::FolderFault;
use outpost_server::http::{GatewayFault, ServeFault};
use outpost_server::relay::Denied;
use outpost_server::store::StoreError;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Month(#[from] MonthFault),
    #[error("{0} isn't empty. Name a new folder, so that nothing in it is mixed up.")]
    NotEmpty(PathBuf),
    #[error(transparent)]
    Folder(#[from] FolderFault),
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Gateway(#[from] GatewayFault),
    #[error("the relay denied it: {0}")]
    Denied(#[from] Denied),
    #[error("the policy in org.json: {0}")]
    Policy(String),
    #[error("a password: {0}")]
    Password(String),
    #[error("the machine: {0}")]
    Runtime(std::io::Error),
    #[error("the relay's answer: {0}")]
    Answer(String),
    #[error("a demo is for this machine only; {0} isn't a loopback address. Use 127.0.0.1:PORT, or `outpost serve`.")]
    DemoAbroad(SocketAddr),
    #[error("{0} is taken ({1}). Choose another with --listen 127.0.0.1:PORT")]
    Taken(SocketAddr, std::io::Error),
    #[error(transparent)]
    Serve(#[from] ServeFault),
    #[error("{0}")]
    Phone(String),
    #[error("log.jsonl, line {line}: {what}")]
    Line { line: usize, what: String },
}
