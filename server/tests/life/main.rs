//! A relay's folder on its bad days: copied, put back, damaged. All of it over real files.

#[allow(dead_code)]
#[path = "../relay/company.rs"]
mod company;
mod copies;
mod damage;
#[allow(dead_code)]
#[path = "../relay/phone.rs"]
mod phone;
mod put_back;
mod site;
