//! Stories of field service with named people, told through real phones and a real relay. Each ends with the relay
//! verified and every phone's lists saying what headquarters' say.

mod handing_over;
