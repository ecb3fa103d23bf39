//! A crate as its source says it: modules, their items, and which name means which item.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use syn::{Item, UseTree, Visibility};

/// The path of a module within its crate; the root's is empty.
pub(crate) type ModulePath = Vec<String>;

/// An item by the module that it is written in, and its name.
pub(crate) type ItemPath = (ModulePath, String);

/// A module.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) items: Vec<Item>,
    /// What `use` brings in: the name here, the path written, and whether it is `pub`.
    pub(crate) uses: Vec<Use>,
    /// Child modules, and whether they are `pub`.
    pub(crate) children: BTreeMap<String, bool>,
    /// Whether it is `generated`: known by name, and not read.
    pub(crate) opaque: bool,
}

/// One name of a `use`.
#[derive(Debug)]
pub(crate) struct Use {
    /// `*` for a glob.
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
    pub(crate) public: bool,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Module(ModulePath),
    Item(ItemPath),
    /// Something of another crate, or what this reader does not see.
    Elsewhere,
}

/// All modules of a crate.
#[derive(Debug)]
pub(crate) struct Krate {
    pub(crate) modules: BTreeMap<ModulePath, Module>,
}

impl Krate {
    /// Reads the crate from `source/lib.rs` on.
    pub(crate) fn load(source: &Path) -> Result<Self, Box<dyn Error>> {
        let mut krate = Self {
            modules: BTreeMap::new(),
        };
        krate.read(&Vec::new(), &source.join("lib.rs"), source)?;
        Ok(krate)
    }

    /// Reads the file of a module; `folder` is where its children lie.
    fn read(&mut self, path: &ModulePath, file: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        self.module(path, parsed.items, folder)
    }

    fn module(&mut self, path: &ModulePath, items: Vec<Item>, folder: &Path) -> Result<(), Box<dyn Error>> {
        let mut module = Module::default();
        let mut below = Vec::new();
        for item in items {
            match item {
                Item::Mod(found) if !is_for_tests(&found.attrs) => {
                    let name = found.ident.to_string();
                    module.children.insert(name.clone(), is_public(&found.vis));
                    below.push((name, found.content));
                }
                Item::Use(found) => {
                    let public = is_public(&found.vis);
                    flatten(&found.tree, &mut Vec::new(), public, &mut module.uses);
                }
                Item::Mod(_) => {}
                other => module.items.push(other),
            }
        }
        self.modules.insert(path.clone(), module);
        for (name, content) in below {
            let mut child = path.clone();
            child.push(name.clone());
            if name == "generated" {
                self.opaque(child);
                continue;
            }
            match content {
                Some((_, items)) => self.module(&child, items, &folder.join(&name))?,
                None => {
                    let file: PathBuf = folder.join(format!("{name}.rs"));
                    self.read(&child, &file, &folder.join(&name))?;
                }
            }
        }
        Ok(())
    }

    fn opaque(&mut self, path: ModulePath) {
        let module = Module {
            opaque: true,
            ..Module::default()
        };
        self.modules.insert(path, module);
    }

    /// What `path`, written in the module `from`, leads to.
    pub(crate) fn resolve(&self, from: &[String], path: &[String]) -> Target {
        self.resolve_within(from, path, 0)
    }

    fn resolve_within(&self, from: &[String], path: &[String], depth: usize) -> Target {
        // A cycle of re-exports ends here.
        if depth > 20 {
            return Target::Elsewhere;
        }
        let Some((first, rest)) = path.split_first() else {
            return Target::Module(from.to_vec());
        };
        match first.as_str() {
            "crate" => return self.resolve_within(&[], rest, depth + 1),
            "self" => return self.resolve_within(from, rest, depth + 1),
            "super" => {
                let parent = from.split_last().map_or(&[][..], |(_, parent)| parent);
                return self.resolve_within(parent, rest, depth + 1);
            }
            _ => {}
        }
        let Some(module) = self.modules.get(from) else {
            return Target::Elsewhere;
        };
        let mut inner = from.to_vec();
        inner.push(first.clone());
        if module.opaque {
            // Whatever it is called, it is in there.
            inner.extend_from_slice(rest);
            return Target::Item((inner.clone(), String::new()));
        }
        if module.children.contains_key(first) {
            return self.resolve_within(&inner, rest, depth + 1);
        }
        if rest.is_empty()
            && module
                .items
                .iter()
                .any(|item| name_of(item).as_ref() == Some(first))
        {
            return Target::Item((from.to_vec(), first.clone()));
        }
        for used in module
            .uses
            .iter()
            .filter(|used| used.name == *first && used.path != path)
        {
            let mut onward = used.path.clone();
            onward.extend_from_slice(rest);
            let found = self.resolve_within(from, &onward, depth + 1);
            if found != Target::Elsewhere {
                return found;
            }
        }
        for glob in module.uses.iter().filter(|used| used.name == "*") {
            let mut onward = glob.path.clone();
            onward.extend_from_slice(path);
            let found = self.resolve_within(from, &onward, depth + 1);
            if found != Target::Elsewhere {
                return found;
            }
        }
        Target::Elsewhere
    }

    /// The item at a path.
    pub(crate) fn item(&self, path: &ItemPath) -> Option<&Item> {
        let items = &self.modules.get(&path.0)?.items;
        items.iter().find(|item| name_of(item).as_ref() == Some(&path.1))
    }
}

/// Everything that a `use` names.
fn flatten(tree: &UseTree, before: &mut Vec<String>, public: bool, out: &mut Vec<Use>) {
    let mut name = |name: String, path: Vec<String>| out.push(Use { name, path, public });
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, public, out);
            before.pop();
        }
        UseTree::Name(found) => {
            let ident = found.ident.to_string();
            if ident == "self" {
                name(before.last().cloned().unwrap_or_default(), before.clone());
            } else {
                let path = before.iter().cloned().chain([ident.clone()]).collect();
                name(ident, path);
            }
        }
        UseTree::Rename(found) => {
            let path = before.iter().cloned().chain([found.ident.to_string()]).collect();
            name(found.rename.to_string(), path);
        }
        UseTree::Glob(_) => name("*".to_owned(), before.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, before, public, out);
            }
        }
    }
}

/// The name that an item has in its module.
pub(crate) fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(found) => &found.ident,
        Item::Enum(found) => &found.ident,
        Item::Fn(found) => &found.sig.ident,
        Item::Static(found) => &found.ident,
        Item::Struct(found) => &found.ident,
        Item::Trait(found) => &found.ident,
        Item::Type(found) => &found.ident,
        Item::Union(found) => &found.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

pub(crate) fn is_public(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

/// Whether an attribute is `#[cfg(test)]`.
fn is_for_tests(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("cfg")
            && attr
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}
