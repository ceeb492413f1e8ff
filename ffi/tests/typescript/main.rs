//! The field app's types are made from the core's own, so that neither can drift: `OUTPOST_BLESS=1` writes them.

mod print;

use outpost_device::{commands, screens, talk};
use std::collections::BTreeMap;
use std::path::Path;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "\
/* What the core says, and what it can be told. Made from the core's own types by a test of the crate outpost-ffi;
 * don't change it by hand. */
";

/// Collects declarations, by name: the order in which types name each other isn't the same in every build.
struct Declarations<'a> {
    config: &'a Config,
    known: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::name(self.config);
        let is_named = name.chars().all(char::is_alphanumeric) && name.starts_with(char::is_uppercase);
        if is_named {
            if self.known.contains_key(&name) {
                return;
            }
            self.known.insert(name, print::declaration(T::docs(), &T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[test]
fn the_field_apps_types_are_the_cores_own() {
    let config = Config::new().with_large_int("number");
    let mut all = Declarations { config: &config, known: BTreeMap::new() };
    all.visit::<screens::Standing>();
    all.visit::<screens::Today>();
    all.visit::<screens::Order>();
    all.visit::<screens::Visit>();
    all.visit::<screens::Glass>();
    all.visit::<screens::Proof>();
    all.visit::<screens::AttendanceMonth>();
    all.visit::<screens::DayReport>();
    all.visit::<screens::SyncView>();
    all.visit::<screens::Me>();
    all.visit::<screens::FormChoice>();
    all.visit::<screens::FilledForm>();
    all.visit::<screens::CataloguePart>();
    all.visit::<screens::CustomerHit>();
    all.visit::<commands::Act>();
    all.visit::<commands::Captured>();
    all.visit::<talk::SyncEnd>();
    all.visit::<talk::Left>();

    let text = all.known.values().fold(HEAD.to_owned(), |text, declaration| text + "\n" + declaration);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mobile-bindings/web/app/src/core/views.ts");
    if std::env::var_os("OUTPOST_BLESS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "the core has changed: OUTPOST_BLESS=1 cargo test -p outpost-ffi, then look");
}
