//! Customers and units in the books: each is seen by its station, and by whoever has an order there.

use super::Book;
use crate::relay::scope;
use crate::store::{StoreError, all, change, probe};
use outpost_model::command::{Ask, Question};
use outpost_model::header::{Header, Subject};
use outpost_model::id::{AssetCode, CustomerCode, PageId, StationId};
use rusqlite::params;

impl Book<'_> {
    pub(super) fn customer_page(&self, customer: &CustomerCode) -> PageId {
        Header::new(self.tenant.clone(), Subject::Customer { customer: customer.clone() }).page()
    }

    pub(super) fn asset_page(&self, asset: &AssetCode) -> PageId {
        Header::new(self.tenant.clone(), Subject::Asset { asset: asset.clone() }).page()
    }

    /// Which station serves the customer, from how far.
    pub(super) fn customer_place(&self, customer: &CustomerCode) -> Result<Option<(StationId, u32)>, StoreError> {
        let decision = self.latest_on(self.customer_page(customer), &Question::CustomerPlace)?;
        Ok(decision.and_then(|decision| match decision.command.ask {
            Ask::PlaceCustomer { station, distance_km, .. } => Some((station, distance_km)),
            _ => None,
        }))
    }

    /// A customer's page was written on.
    pub(super) fn place_customer_page(
        &mut self,
        customer: &CustomerCode,
        page: PageId,
        new: bool,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.customers.insert(customer.clone());
        if !new {
            return Ok(());
        }
        self.join(scope::TENANT, page, seq)?;
        self.join_holders("customer", customer.as_str(), page, seq)
    }

    /// Another station serves the customer from now on: its page and those of its units move.
    pub(super) fn move_customer(
        &mut self,
        customer: &CustomerCode,
        station: &StationId,
        page: PageId,
        new: bool,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.place_customer_page(customer, page, new, seq)?;
        self.move_site(page, Some(station), seq)?;
        let sql = "select page from asset_home where tenant = $1 and customer = $2 order by page";
        let units = all(self.db, sql, params![self.tenant.as_str(), customer.as_str()], |row| row.get(0).map(PageId))?;
        units.into_iter().try_for_each(|unit| self.move_site(unit, Some(station), seq))
    }

    /// A unit's page was written on: it may be new, or stand at another customer.
    pub(super) fn place_asset_page(
        &mut self,
        asset: &AssetCode,
        page: PageId,
        new: bool,
        seq: u64,
    ) -> Result<(), StoreError> {
        self.assets.insert(asset.clone());
        if new {
            self.join(scope::TENANT, page, seq)?;
            self.join_holders("asset", asset.as_str(), page, seq)?;
        }
        let home = self.page(page)?.and_then(|hot| hot.index.values("customer").next().map(|row| row.value.to_owned()));
        let home = home.and_then(|code| CustomerCode::parse(&code).ok());
        let sql = "select customer from asset_home where tenant = $1 and page = $2";
        let known: Option<String> = probe(self.db, sql, params![self.tenant.as_str(), page.0], |row| row.get(0))?;
        if known.as_deref() == home.as_ref().map(CustomerCode::as_str) {
            return Ok(());
        }
        match &home {
            Some(customer) => {
                let sql = "insert into asset_home (tenant, page, customer) values ($1, $2, $3) \
                           on conflict (tenant, page) do update set customer = excluded.customer";
                change(self.db, sql, params![self.tenant.as_str(), page.0, customer.as_str()])?;
            }
            None => {
                let sql = "delete from asset_home where tenant = $1 and page = $2";
                change(self.db, sql, params![self.tenant.as_str(), page.0])?;
            }
        }
        let place = home.map_or(Ok(None), |customer| self.customer_place(&customer))?;
        self.move_site(page, place.as_ref().map(|(station, _)| station), seq)
    }

    fn move_site(&mut self, page: PageId, station: Option<&StationId>, seq: u64) -> Result<(), StoreError> {
        let wanted = station.map(scope::of_site);
        for scope in self.held(page)?.iter().filter(|scope| scope.starts_with("site:")) {
            if wanted.as_ref() != Some(scope) {
                self.leave(scope, page, seq)?;
            }
        }
        if let Some(scope) = wanted {
            self.join(&scope, page, seq)?;
        }
        Ok(())
    }

    /// A register page that came after the orders that name it: their people get it too.
    fn join_holders(&mut self, column: &str, code: &str, page: PageId, seq: u64) -> Result<(), StoreError> {
        let sql = format!(
            "select distinct s.scope from service_call c join scope_page s on s.tenant = c.tenant and s.page = c.page \
             where c.tenant = $1 and c.{column} = $2 and s.withdrawn is null order by s.scope"
        );
        let scopes: Vec<String> = all(self.db, &sql, params![self.tenant.as_str(), code], |row| row.get(0))?;
        for scope in scopes.iter().filter(|scope| scope.starts_with("user:")) {
            self.join(scope, page, seq)?;
        }
        Ok(())
    }
}
