//! Service calls in the books: who sees an order, its visits, its customer and its unit.
//!
//! An order's people see all of it: while it is open whoever is or was on it, afterwards whoever is on it still.
//! Whoever wrote on a page keeps that page. The register pages follow the order's own page.

use super::Book;
use crate::relay::hot::HotPage;
use crate::relay::scope;
use crate::store::{StoreError, all, change, probe};
use outpost_model::decision::{Life, Standing};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{PageId, UserId};
use outpost_model::record::Role;
use rusqlite::params;
use std::collections::BTreeSet;

/// Whose phones hold the order.
fn people_of(standing: &Standing) -> BTreeSet<&UserId> {
    match standing.life {
        Life::Open => standing.ever.iter().collect(),
        Life::Closed | Life::Cancelled => standing.engineer.iter().chain(&standing.helpers).collect(),
    }
}

impl Book<'_> {
    /// The scopes of one page of the order. In the office everything is seen anyway: an author there needs no scope.
    fn scopes_of(&self, standing: Option<&Standing>, page: &HotPage) -> Result<BTreeSet<String>, StoreError> {
        let mut scopes = BTreeSet::from([scope::TENANT.to_owned()]);
        if let Some(standing) = standing {
            scopes.extend(standing.station.as_ref().map(scope::of_lead));
            scopes.extend(people_of(standing).into_iter().map(scope::of_user));
        }
        for author in page.authors() {
            let person = self.find_person(author)?;
            if person.is_some_and(|person| matches!(person.role, Role::Engineer | Role::Lead)) {
                scopes.insert(scope::of_user(author));
            }
        }
        Ok(scopes)
    }

    /// A decision changed how the order stands: the order and its visits may have other readers.
    pub(super) fn place_order(&mut self, order: PageId, seq: u64) -> Result<(), StoreError> {
        self.orders.insert(order);
        for page in std::iter::once(order).chain(self.visits_of(order)?) {
            self.place_order_page(order, page, seq)?;
        }
        Ok(())
    }

    /// Puts one page of the order into the scopes that it belongs to, and takes it out of the others.
    pub(super) fn place_order_page(&mut self, order: PageId, page: PageId, seq: u64) -> Result<(), StoreError> {
        let Some(hot) = self.page(page)? else { return Ok(()) };
        let order_page = self.page(order)?;
        let standing = order_page.as_ref().and_then(|order| order.standing());
        let (wanted, held) = (self.scopes_of(standing, &hot)?, self.held(page)?);
        let register = standing.filter(|_| page == order).map(|standing| self.register_pages(standing));
        for scope in wanted.difference(&held) {
            self.join(scope, page, seq)?;
            if let Some(pages) = register.as_ref().filter(|_| scope.starts_with("user:")) {
                for page in pages {
                    self.join_known(scope, *page, seq)?;
                }
            }
        }
        for scope in held.difference(&wanted) {
            self.leave(scope, page, seq)?;
            if let Some(standing) = standing.filter(|_| page == order && scope.starts_with("user:")) {
                self.leave_registers(scope, standing, seq)?;
            }
        }
        Ok(())
    }

    /// The pages of the order's customer and unit.
    fn register_pages(&self, standing: &Standing) -> Vec<PageId> {
        let page = |subject| Header::new(self.tenant.clone(), subject).page();
        let customer = page(Subject::Customer { customer: standing.customer.clone() });
        let asset = standing.asset.as_ref().map(|asset| page(Subject::Asset { asset: asset.clone() }));
        std::iter::once(customer).chain(asset).collect()
    }

    pub(super) fn join_known(&mut self, scope: &str, page: PageId, seq: u64) -> Result<(), StoreError> {
        if self.place(page)?.is_some() {
            self.join(scope, page, seq)?;
        }
        Ok(())
    }

    /// The order left somebody's hands: customer and unit leave with it, unless another order of his has them too.
    fn leave_registers(&mut self, scope: &str, standing: &Standing, seq: u64) -> Result<(), StoreError> {
        let mut pages = self.register_pages(standing).into_iter();
        let customer = "select 1 from service_call c join scope_page s on s.tenant = c.tenant and s.page = c.page \
                        where c.tenant = $1 and c.customer = $2 and s.scope = $3 and s.withdrawn is null limit 1";
        let asset = "select 1 from service_call c join scope_page s on s.tenant = c.tenant and s.page = c.page \
                     where c.tenant = $1 and c.asset = $2 and s.scope = $3 and s.withdrawn is null limit 1";
        let codes =
            [(customer, Some(standing.customer.as_str())), (asset, standing.asset.as_ref().map(|a| a.as_str()))];
        for (sql, code) in codes {
            let (Some(code), Some(page)) = (code, pages.next()) else { continue };
            let kept = probe(self.db, sql, params![self.tenant.as_str(), code, scope], |_| Ok(()))?;
            if kept.is_none() {
                self.leave(scope, page, seq)?;
            }
        }
        Ok(())
    }

    pub(super) fn list_call(&mut self, order: PageId) -> Result<(), StoreError> {
        let Some(hot) = self.page(order)? else { return Ok(()) };
        let Some(standing) = hot.standing() else { return Ok(()) };
        let sql = "insert into service_call (tenant, page, number, customer, asset, station) \
                   values ($1, $2, $3, $4, $5, $6)";
        let values = params![
            self.tenant.as_str(),
            order.0,
            standing.number,
            standing.customer.as_str(),
            standing.asset.as_ref().map(|asset| asset.as_str()),
            standing.station.as_ref().map(|station| station.as_str()),
        ];
        change(self.db, sql, values).map(drop)
    }

    pub(super) fn list_visit(&mut self, order: PageId, page: PageId) -> Result<(), StoreError> {
        let sql = "insert into visit (tenant, service_call, page) values ($1, $2, $3) on conflict do nothing";
        change(self.db, sql, params![self.tenant.as_str(), order.0, page.0]).map(drop)
    }

    pub(in crate::relay) fn visits_of(&self, order: PageId) -> Result<Vec<PageId>, StoreError> {
        let sql = "select page from visit where tenant = $1 and service_call = $2 order by page";
        all(self.db, sql, params![self.tenant.as_str(), order.0], |row| row.get(0).map(PageId))
    }

    pub(super) fn touch_every_order(&mut self) -> Result<(), StoreError> {
        let sql = "select page from service_call where tenant = $1";
        let orders = all(self.db, sql, params![self.tenant.as_str()], |row| row.get(0).map(PageId))?;
        self.orders.extend(orders);
        Ok(())
    }
}
