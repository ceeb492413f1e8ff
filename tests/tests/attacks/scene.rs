//! An order that Wang works on honestly, and Zhao of another station with the leave of his own enrolled phone.

use outpost_model::page::Page;
use outpost_tests::company::call::{arrive, reached};
use outpost_tests::company::{Call, Company, Hand};
use outpost_tests::wire::Mallory;

pub struct Scene {
    pub company: Company,
    pub wang: Hand,
    pub mallory: Mallory,
    pub call: Call,
    head: (u64, [u8; 32]),
}

/// Whose leave Mallory holds: the phone of that id. Zhao works on an order of his own, Wang on his.
pub fn scene(phone: &str) -> Scene {
    let company = Company::open();
    let (mut wang, mut other) = (company.met("d-wang"), company.met(phone));
    let call = company.dispatched("WO-1", "steel", "wang");
    wang.sync();
    wang.log(call.header(), [reached()]);
    wang.log(call.visit("V1"), [arrive()]);
    wang.sync();
    other.sync();
    let mallory = Mallory::with(&other, &company.world);
    let head = company.log_head();
    Scene { company, wang, mallory, call, head }
}

impl Scene {
    /// A page as everybody may know it, with what is admitted on it.
    pub fn page(&mut self, header: &outpost_model::header::Header) -> Page {
        let database = self.wang.database();
        let mut query =
            database.prepare("select content from log_row where page = ?1 and decision is null order by seq").unwrap();
        let rows = query.query_map([header.page().0], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        Page::rebuild(header.clone(), &rows.map(Result::unwrap).collect::<Vec<_>>()).unwrap()
    }

    /// Nothing of it is in the log.
    pub fn nothing_got_in(&self) {
        assert_eq!(self.company.log_head(), self.head);
    }

    /// The honest phone goes on as if nothing had been, and the relay's store is what its log says.
    pub fn goes_on(mut self) {
        let before = self.company.log_head().0;
        self.wang.log(self.call.visit("V1"), [outpost_tests::company::call::part("P-1", 1)]);
        assert_eq!(self.wang.sync().tally.admitted, 1);
        assert_eq!(self.company.log_head().0, before + 1);
        self.company.ends_well(&mut [&mut self.wang]);
    }
}
