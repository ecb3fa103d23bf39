//! Which items a user can name, and by which path.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use syn::Item;

use super::krate::{ItemPath, Krate, Module, ModulePath, Target, is_public, name_of};

/// What a public module offers.
#[derive(Debug, Default)]
pub(crate) struct Offer {
    /// Items that are shown here, by the name that they have here.
    pub(crate) items: BTreeMap<String, ItemPath>,
    /// Items and modules that are shown elsewhere: `name = path`.
    pub(crate) aliases: BTreeSet<String>,
}

/// By public module.
pub(crate) type Reached = BTreeMap<ModulePath, Offer>;

/// Follows what is `pub` from the root.
pub(crate) fn reach(krate: &Krate) -> Result<Reached, Box<dyn Error>> {
    let mut walk = Walk {
        krate,
        reached: Reached::new(),
        home: BTreeMap::new(),
        visited: BTreeMap::new(),
    };
    walk.module(&Vec::new(), &Vec::new())?;
    Ok(walk.reached)
}

struct Walk<'a> {
    krate: &'a Krate,
    reached: Reached,
    /// Where an item is shown.
    home: BTreeMap<ItemPath, String>,
    /// Where a module is shown.
    visited: BTreeMap<ModulePath, ModulePath>,
}

impl Walk<'_> {
    /// Shows the module `from` under the path `public`.
    fn module(&mut self, from: &ModulePath, public: &ModulePath) -> Result<(), Box<dyn Error>> {
        self.visited.insert(from.clone(), public.clone());
        self.reached.entry(public.clone()).or_default();
        let krate = self.krate;
        let module = krate
            .modules
            .get(from)
            .ok_or_else(|| format!("there is no module `{}`", from.join("::")))?;
        for name in public_items(module) {
            self.item((from.clone(), name.clone()), public, &name);
        }
        for used in module.uses.iter().filter(|used| used.public) {
            match krate.resolve(from, &used.path) {
                _ if used.name == "*" => self.glob(from, &used.path, public)?,
                Target::Item(item) if item.1.is_empty() => {
                    self.alias(public, format!("{} = {}", used.name, item.0.join("::")));
                }
                Target::Item(item) => self.item(item, public, &used.name),
                Target::Module(inner) => self.child(&inner, public, &used.name)?,
                Target::Elsewhere => self.alias(public, format!("{} = {}", used.name, used.path.join("::"))),
            }
        }
        for (name, _) in module.children.iter().filter(|(_, public)| **public) {
            let mut inner = from.clone();
            inner.push(name.clone());
            self.child(&inner, public, name)?;
        }
        Ok(())
    }

    fn child(&mut self, inner: &ModulePath, public: &ModulePath, name: &str) -> Result<(), Box<dyn Error>> {
        let opaque = self.krate.modules.get(inner).is_some_and(|module| module.opaque);
        if opaque {
            self.alias(public, format!("{name} = {}", inner.join("::")));
            return Ok(());
        }
        if let Some(shown) = self.visited.get(inner) {
            let shown = shown.join("::");
            self.alias(public, format!("{name} = {shown}"));
            return Ok(());
        }
        let mut path = public.clone();
        path.push(name.to_owned());
        self.module(inner, &path)
    }

    fn glob(
        &mut self,
        from: &ModulePath,
        path: &[String],
        public: &ModulePath,
    ) -> Result<(), Box<dyn Error>> {
        let Target::Module(inner) = self.krate.resolve(from, path) else {
            self.alias(public, format!("* = {}", path.join("::")));
            return Ok(());
        };
        self.module(&inner, public)
    }

    fn item(&mut self, item: ItemPath, public: &ModulePath, name: &str) {
        let here = public
            .iter()
            .cloned()
            .chain([name.to_owned()])
            .collect::<Vec<_>>()
            .join("::");
        if let Some(home) = self.home.get(&item) {
            let alias = format!("{name} = {home}");
            self.alias(public, alias);
            return;
        }
        self.home.insert(item.clone(), here);
        let offer = self.reached.entry(public.clone()).or_default();
        offer.items.insert(name.to_owned(), item);
    }

    fn alias(&mut self, public: &ModulePath, text: String) {
        self.reached
            .entry(public.clone())
            .or_default()
            .aliases
            .insert(text);
    }
}

fn public_items(module: &Module) -> Vec<String> {
    let is_shown = |item: &&Item| match item {
        Item::Const(found) => is_public(&found.vis),
        Item::Enum(found) => is_public(&found.vis),
        Item::Fn(found) => is_public(&found.vis),
        Item::Static(found) => is_public(&found.vis),
        Item::Struct(found) => is_public(&found.vis),
        Item::Trait(found) => is_public(&found.vis),
        Item::Type(found) => is_public(&found.vis),
        Item::Union(found) => is_public(&found.vis),
        _ => false,
    };
    module.items.iter().filter(is_shown).filter_map(name_of).collect()
}
