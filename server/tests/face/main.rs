//! The relay's face, asked as phones, browsers and strangers ask it: in-process, in virtual time.

mod app;
mod conduct;
mod files;
mod frames;
mod house;
mod listening;
mod people;
mod phones;
mod reviews;
mod signatures;
mod uploads;
