//! How a handle is joined and a lock taken: the words that a suggestion writes, by the type at hand.

use super::context::Context;
use super::effects::word;
use super::place::Place;
use super::roles::HandleKind;
use super::spawns::HandleSite;
use crate::model::{DefId, Ty};

/// How the handles of a type are joined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Joining {
    /// The type's name.
    pub name: String,
    /// It has a parameter: what the thread returns.
    pub is_generic: bool,
    /// The method that joins.
    pub method: String,
    /// That gives a `Result`, whose error is the thread's panic.
    pub gives_result: bool,
}

impl Joining {
    /// The type as a field declares it; `value` is what the thread returns.
    pub fn type_with(&self, value: &str) -> String {
        match self.is_generic {
            true => format!("{}<{value}>", self.name),
            false => self.name.clone(),
        }
    }

    /// The statement that joins, whatever the thread came to.
    pub fn statement(&self, handle: &str) -> String {
        match self.gives_result {
            true => format!("let _ = {handle}.{}();", self.method),
            false => format!("{handle}.{}();", self.method),
        }
    }

    /// The statements that join and say what to do after a panic.
    pub fn checked(&self, handle: &str, panicked: &str) -> String {
        match self.gives_result {
            true => format!("if {handle}.{}().is_err() {{\n    {panicked}\n}}", self.method),
            false => format!("{handle}.{}();", self.method),
        }
    }
}

impl Context<'_> {
    /// How the handle in a type is joined; as std's where there is none.
    pub fn joining(&self, ty: &Ty) -> Joining {
        let mut found = None;
        ty.any(&mut |part| {
            if self.roles().handle(part) == Some(HandleKind::Thread) {
                found = part.adt().map(|adt| (adt, !part.args().is_empty()));
            }
            found.is_some()
        });
        found.and_then(|(adt, is_generic)| self.joining_of(adt, is_generic)).unwrap_or_else(|| Joining {
            name: "JoinHandle".to_owned(),
            is_generic: true,
            method: "join".to_owned(),
            gives_result: true,
        })
    }

    /// How the handle is joined that is got at a place.
    pub fn joining_at(&self, site: HandleSite) -> Joining {
        self.joining(self.analysis(site.body).types.ty(site.call))
    }

    /// How the handles in a field or static are joined.
    pub fn joining_in(&self, kept: Place) -> Joining {
        match kept {
            Place::Field(field) => self.joining(self.field_type(field).unwrap_or(&Ty::Unknown)),
            Place::Static(def) => self.joining(&self.program.value_type(def)),
            Place::Local(body, local) => self.joining(self.analysis(body).types.local(local)),
        }
    }

    /// The method that takes a lock of a type alone, and whether it gives a `Result`. `None` for the locks of async runtimes.
    pub fn locking(&self, lock: &Ty) -> Option<(String, bool)> {
        let adt = lock.adt().filter(|adt| !self.program.is_user(*adt))?;
        let methods = self.program.impls_of(adt).iter().flat_map(|block| self.functions_of(*block));
        let method = methods.into_iter().find(|method| {
            let takes_alone = matches!(self.program.name(*method), "lock" | "write");
            let function = self.program.function(*method);
            self.effects(*method).has(word::ACQUIRES)
                && takes_alone
                && function.is_some_and(|function| !function.is_async)
        })?;
        let ret = &self.program.signature(method)?.ret;
        let poisons = ret.adt().is_some_and(|adt| Some(adt) == self.program.lang.result);
        (poisons || self.roles().is_guard(ret)).then(|| (self.program.name(method).to_owned(), poisons))
    }

    fn joining_of(&self, adt: DefId, is_generic: bool) -> Option<Joining> {
        let methods = self.program.impls_of(adt).iter().flat_map(|block| self.functions_of(*block));
        let method = methods.into_iter().find(|method| {
            self.effects(*method).has(word::JOINS)
                && self.program.function(*method).is_some_and(|function| function.self_param.is_some())
        })?;
        let result = self.program.lang.result;
        let gives_result = self.program.signature(method)?.ret.adt().is_some_and(|adt| Some(adt) == result);
        Some(Joining {
            name: self.program.name(adt).to_owned(),
            is_generic,
            method: self.program.name(method).to_owned(),
            gives_result,
        })
    }
}
