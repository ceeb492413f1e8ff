//! What went wrong, as one line that the page takes apart: the stable code, the field to be corrected (`-` for none),
//! and what exactly, for somebody who helps. What the code means is looked up by [`crate::Core::sentence`].

use outpost_device::error::{CaptureError, DeviceError};
use outpost_device::rescue::RescueError;
use outpost_model::problem::Code;
use std::fmt::Display;
use wasm_bindgen::{JsError, JsValue};

pub struct Trouble(String);

pub type Told<T> = Result<T, Trouble>;

impl Trouble {
    pub fn of(code: Code, detail: impl Display) -> Self {
        Self(format!("{} - {detail}", code.name()))
    }

    /// What came from the page makes no sense.
    pub fn unfit(what: impl Display) -> Self {
        Self::of(Code::DoesNotFit, what)
    }
}

impl From<Trouble> for JsValue {
    fn from(trouble: Trouble) -> Self {
        JsError::new(&trouble.0).into()
    }
}

impl From<CaptureError> for Trouble {
    fn from(error: CaptureError) -> Self {
        Self(format!("{} {} {error}", error.code().name(), error.field().unwrap_or("-")))
    }
}

impl From<DeviceError> for Trouble {
    fn from(error: DeviceError) -> Self {
        Self::of(error.code(), error)
    }
}

impl From<RescueError> for Trouble {
    fn from(error: RescueError) -> Self {
        Self::of(error.code(), error)
    }
}
