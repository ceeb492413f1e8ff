//! The driver: runs a session over a transport, call by call, until it is done.

use crate::device::Device;
use crate::error::DeviceError;
use crate::report::{Fault, SyncReport};
use crate::session::frame::{Answer, Call};
use crate::session::{Effect, Event, Session};

/// Makes one call. A fault means that there was no whole answer, whatever the server may have done.
pub trait Transport {
    fn call(&mut self, call: &Call) -> Result<Answer, Fault>;
}

/// One sync, to its end. An error means that the phone itself couldn't go on (its storage is full, its keystore is
/// locked); whatever the network or the server did is in the report.
pub fn sync(device: &mut Device, transport: &mut dyn Transport) -> Result<SyncReport, DeviceError> {
    let mut session = Session::new();
    let mut effect = session.on(device, Event::Begin)?;
    loop {
        match effect {
            Effect::Done(report) => return Ok(report),
            Effect::Call(call) => {
                let event = match transport.call(&call) {
                    Ok(answer) => Event::Answer(answer),
                    Err(fault) => Event::Fault(fault),
                };
                effect = session.on(device, event)?;
            }
        }
    }
}

impl Device {
    pub fn sync(&mut self, transport: &mut dyn Transport) -> Result<SyncReport, DeviceError> {
        sync(self, transport)
    }
}
