//! Stories of field service with named people, told through real phones and a real relay. Each ends with the relay
//! verified and every phone's lists saying what headquarters' say.

mod attendance;
mod bad_network;
mod deciding;
mod files;
mod forms;
mod handing_over;
mod late_work;
mod mending;
mod moving;
mod numbers;
mod phones;
mod refusing;
