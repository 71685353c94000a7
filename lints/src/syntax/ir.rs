//! The owned form of one parsed file.
//!
//! Invariants: a pure function of the file's text (no path, no settings, no other file), `Send + Sync`, no recursion in
//! bodies (arenas of `u32` ids), every span in bytes of the text on disk. Locals are resolved here, since that needs one
//! body only; every other path is resolved by the model. Parentheses and groups are gone. Test code is kept and marked.

use super::bodies::BodySlot;
use crate::source::{Comment, Name, NameTable, Span};
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub struct $name(pub u32);
        impl $name {
            /// The place in its arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(/// An item of one file, in [`FileIr::items`].
    LocalItemId);
id!(/// A body of one file, in [`FileIr::bodies`].
    LocalBodyId);
id!(/// An expression of one body.
    ExprId);
id!(/// A pattern of one body.
    PatId);
id!(/// A local variable or parameter of one body.
    LocalId);

/// One file, lowered.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileIr {
    /// Every item of the file, nested ones too; a parent stands before its children.
    pub items: Vec<Item>,
    /// The items at the top of the file, in order.
    pub top: Vec<LocalItemId>,
    /// The bodies of functions, constants and statics.
    pub bodies: Vec<BodySlot>,
    /// Attributes at the head of the file (`#![cfg(test)]`).
    pub attrs: Attrs,
    /// The texts of the names.
    pub names: NameTable,
    /// Every comment in order of position.
    pub comments: Vec<Comment>,
    /// `#[cfg_attr(any(), thread_lint::allow(..))]` attributes, with the span of what they stand on.
    pub allow_attrs: Vec<AllowAttr>,
}

impl FileIr {
    /// The text of a name that stands in the file, in a body only if that was read.
    pub fn name_text(&self, name: Name) -> Option<&str> {
        self.names.text(name).or_else(|| self.bodies.iter().find_map(|body| body.name_text(name)))
    }

    /// The same as if nobody had asked for the bodies that cannot be read; none where that is so already. What a report says of
    /// such bodies is to depend on the questions of its own run.
    pub fn without_known_problems(&self) -> Option<FileIr> {
        if self.bodies.iter().all(|body| body.known_problem().is_none()) {
            return None;
        }
        let mut forgetful = self.clone();
        forgetful.bodies.iter_mut().for_each(BodySlot::forget_problem);
        Some(forgetful)
    }

    /// Whether two texts, with what they were lowered to, are the same but for the inside of bodies that were not read with their
    /// file. Then the two have the same items and bodies, under the same numbers.
    pub fn differ_in_bodies_only((one, text): (&FileIr, &str), (other, other_text): (&FileIr, &str)) -> bool {
        let (mut at, mut other_at) = (0, 0);
        let end_of = |text: &str| Some(Span::new(text.len() as u32, text.len() as u32));
        let ends = std::iter::once((end_of(text), end_of(other_text)));
        let bodies = one.bodies.iter().map(BodySlot::inside).zip(other.bodies.iter().map(BodySlot::inside));
        one.bodies.len() == other.bodies.len()
            && bodies.chain(ends).all(|pair| match pair {
                (None, None) => true,
                (Some(body), Some(other_body)) if body.start >= at && other_body.start >= other_at => {
                    let before = Span::new(at, body.start).text(text);
                    let other_before = Span::new(other_at, other_body.start).text(other_text);
                    (at, other_at) = (body.end, other_body.end);
                    before == other_before
                }
                _ => false,
            })
    }
}

/// A suppression written as an attribute.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllowAttr {
    /// The whole attribute.
    pub span: Span,
    /// The item, statement, field or expression it stands on (the whole file for an inner one at the head).
    pub target: Span,
    /// The lint names, with their spans.
    pub lints: Vec<(Box<str>, Span)>,
    /// `reason = ".."`.
    pub reason: Option<Box<str>>,
}

/// What the tool reads from attributes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Attrs {
    /// The conjunction of the `#[cfg(..)]` on this very thing (not those of its parents).
    pub cfg: Option<Box<Cfg>>,
    /// `#[test]`, `#[bench]`, or a path that ends in `test` (`#[tokio::test]`), `#[rstest]`, `#[test_case]`…
    pub is_test: bool,
    /// `#[path = ".."]` of a module.
    pub path: Option<Box<str>>,
    /// `#[macro_use]` or `#[macro_export]`.
    pub macro_scope: bool,
    /// `#[effect(..)]` of a catalogue stub.
    pub effects: Vec<Effect>,
    /// The identifiers in `#[derive(..)]`, also in one behind a `cfg_attr`.
    pub derives: Vec<Name>,
}

/// One word of an `#[effect(..)]` attribute: `joins`, `spawns(0)`, `acquires(exclusive, blocking)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// The word.
    pub name: Name,
    /// Where it is written, arguments aside.
    pub span: Span,
    /// Its arguments: identifiers and integers, as text.
    pub args: Vec<Box<str>>,
}

/// A `cfg` predicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cfg {
    /// `all(..)`
    All(Vec<Cfg>),
    /// `any(..)`
    Any(Vec<Cfg>),
    /// `not(..)`
    Not(Box<Cfg>),
    /// `unix`
    Flag(Box<str>),
    /// `feature = "x"`
    KeyValue(Box<str>, Box<str>),
}

/// Who may name an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Visibility {
    /// No `pub`.
    #[default]
    Private,
    /// `pub(crate)`, `pub(super)`, `pub(in ..)`.
    Restricted,
    /// `pub`.
    Public,
}

/// An item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Its name; [`Name::NONE`] for `impl`, `use` and macro calls.
    pub name: Name,
    /// The span of the name, of the `impl` or `use` keyword for those.
    pub name_span: Span,
    /// The whole item with its attributes.
    pub span: Span,
    /// Who may name it.
    pub vis: Visibility,
    /// Its attributes.
    pub attrs: Attrs,
    /// The module, impl, trait, or function (for an item in a body) that it stands in.
    pub parent: Option<LocalItemId>,
    /// What it is.
    pub kind: ItemKind,
}

/// What an item is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ItemKind {
    /// `mod m { .. }` with its items, `mod m;` with `None`; also the anonymous module of a block that has items, whose
    /// name is [`Name::NONE`] and whose parent is the enclosing function (see [`Expr::Block`]).
    Module(Option<Vec<LocalItemId>>),
    /// `use`, flattened: one entry a leaf.
    Use(Vec<UseEntry>),
    /// `extern crate a as b` (`b` is the item's name): the name of `a`.
    ExternCrate(Name),
    /// A function, method or associated function; also a foreign one.
    Function(Box<Function>),
    /// A struct or union.
    Struct(Box<Struct>),
    /// An enum.
    Enum(Box<Enum>),
    /// `type A<T> = ..;` and associated types; the aliased type, if any, and the bounds of an associated one.
    TypeAlias(Box<TypeAlias>),
    /// A trait.
    Trait(Box<Trait>),
    /// An impl block.
    Impl(Box<Impl>),
    /// `const` and associated constants.
    Const(Box<Constant>),
    /// `static`, and each `static ref` of `lazy_static!` / `static` of `thread_local!` (`wrapper` tells).
    Static(Box<Constant>),
    /// `macro_rules!`.
    MacroRules(MacroRules),
    /// A macro call in item position whose items are not known.
    MacroCall(MacroTokens),
    /// `include!("file.rs");`: the items of the file belong to the module around it. The path starts from this file's folder.
    Include(Box<str>),
}

/// One leaf of a `use` tree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UseEntry {
    /// The segments with their spans, `self`, `super`, `crate` among them; a final `self` is dropped.
    pub path: Vec<(Name, Span)>,
    /// A leading `::`.
    pub global: bool,
    /// The name it is bound to; [`Name::NONE`] for `as _` and for a glob.
    pub alias: Name,
    /// `*`.
    pub glob: bool,
}

/// Generic parameters; lifetimes are dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Generics {
    /// Type and const parameters in order.
    pub params: Vec<GenericParam>,
    /// `where T: A + B`.
    pub bounds: Vec<(TypeRef, Vec<PathRef>)>,
}

/// One generic parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GenericParam {
    /// Its name.
    pub name: Name,
    /// `const N: usize`.
    pub is_const: bool,
    /// The traits after the colon.
    pub bounds: Vec<PathRef>,
    /// The default.
    pub default: Option<TypeRef>,
}

/// A function's signature and body.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Function {
    /// Its generics; `impl Trait` parameters stay [`TypeRef::ImplTrait`].
    pub generics: Generics,
    /// `self`, with its type: `Self`, `&Self`, `&mut Self`, or what is written (`self: Arc<Self>`).
    pub self_param: Option<TypeRef>,
    /// The types of the other parameters; their patterns are in the body.
    pub params: Vec<TypeRef>,
    /// The return type, `()` where none is written. That of an `async fn` is what is written.
    pub ret: TypeRef,
    /// `async`.
    pub is_async: bool,
    /// `extern "C"` and the like, or foreign.
    pub is_extern: bool,
    /// The body; `None` in a trait, a foreign block or a stub.
    pub body: Option<LocalBodyId>,
}

/// The fields of a struct or variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum FieldsKind {
    /// `{ a: A }`
    Named,
    /// `(A, B)`, the names are `0`, `1`, ..
    Tuple,
    /// Nothing.
    Unit,
}

/// A struct or union.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Struct {
    /// Its generics.
    pub generics: Generics,
    /// The form.
    pub kind: FieldsKind,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Its name or index as text.
    pub name: Name,
    /// The span of the name (of the type in a tuple struct).
    pub span: Span,
    /// Who may name it; public in a variant.
    pub vis: Visibility,
    /// Its type.
    pub ty: TypeRef,
    /// Its attributes.
    pub attrs: Attrs,
}

/// An enum.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Enum {
    /// Its generics.
    pub generics: Generics,
    /// Its variants.
    pub variants: Vec<Variant>,
}

/// A variant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// The span of the name.
    pub span: Span,
    /// The form.
    pub kind: FieldsKind,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A type alias or associated type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeAlias {
    /// Its generics.
    pub generics: Generics,
    /// What it stands for.
    pub ty: Option<TypeRef>,
    /// The bounds of an associated type.
    pub bounds: Vec<PathRef>,
}

/// A trait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trait {
    /// Its generics.
    pub generics: Generics,
    /// Its supertraits.
    pub supertraits: Vec<PathRef>,
    /// Its items.
    pub items: Vec<LocalItemId>,
}

/// An impl block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Impl {
    /// Its generics.
    pub generics: Generics,
    /// The trait; `None` for an inherent impl.
    pub trait_ref: Option<PathRef>,
    /// The type.
    pub self_ty: TypeRef,
    /// Its items.
    pub items: Vec<LocalItemId>,
}

/// A constant or static.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Constant {
    /// Its type, as written.
    pub ty: TypeRef,
    /// `static mut`.
    pub mutable: bool,
    /// The macro it was declared through.
    pub wrapper: StaticWrapper,
    /// Its initialiser.
    pub body: Option<LocalBodyId>,
}

/// The macro around a static.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StaticWrapper {
    /// A plain `static` or `const`.
    None,
    /// `thread_local!`: a `LocalKey<T>`.
    ThreadLocal,
    /// `lazy_static!`: derefs to `T`.
    Lazy,
}

/// A `macro_rules!` definition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MacroRules {
    /// What the bodies of its rules may do.
    pub tokens: MacroTokens,
}

/// What is known of tokens that could not be parsed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MacroTokens {
    /// The macro's path (for a definition: empty).
    pub path: Box<[Name]>,
    /// A `return`, `break`, `continue` or `?` among them.
    pub exits: MacroExits,
    /// The identifiers among them, sorted, each once.
    pub names: Box<[Name]>,
}

/// Jumps that tokens mention.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MacroExits {
    /// `return`
    pub returns: bool,
    /// `break`
    pub breaks: bool,
    /// `continue`
    pub continues: bool,
    /// `?`
    pub tries: bool,
    /// `panic!`, `unreachable!`, `assert!`, `.unwrap()`, `.expect(`
    pub panics: bool,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeRef {
    /// A path, `Self` among them.
    Path(PathRef),
    /// `<T as Trait>::Name` or `<T>::Name`.
    Qualified {
        /// `T`
        self_ty: Box<TypeRef>,
        /// `Trait`
        trait_ref: Option<Box<PathRef>>,
        /// The segments after it.
        rest: Box<[Segment]>,
    },
    /// `&T`, `&mut T`
    Ref {
        /// `mut`
        mutable: bool,
        /// `T`
        inner: Box<TypeRef>,
    },
    /// `*const T`, `*mut T`
    Ptr {
        /// `mut`
        mutable: bool,
        /// `T`
        inner: Box<TypeRef>,
    },
    /// `(A, B)`; `()` is the empty one.
    Tuple(Box<[TypeRef]>),
    /// `[T]`
    Slice(Box<TypeRef>),
    /// `[T; N]`
    Array(Box<TypeRef>),
    /// `fn(A) -> B`
    Fn {
        /// `A`
        params: Box<[TypeRef]>,
        /// `B`
        ret: Box<TypeRef>,
    },
    /// `!`
    Never,
    /// `impl A + B`; lifetimes dropped.
    ImplTrait(Box<[PathRef]>),
    /// `dyn A + B`
    DynTrait(Box<[PathRef]>),
    /// `_`
    Infer,
    /// A macro, or something syn could not read.
    Unknown,
}

impl TypeRef {
    /// `()`
    pub fn unit() -> TypeRef {
        TypeRef::Tuple(Box::default())
    }
}

/// A path with generic arguments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathRef {
    /// `<T>` or `<T as Trait>` in front of an expression path: `<Foo>::new`.
    pub qself: Option<Box<(TypeRef, Option<PathRef>)>>,
    /// A leading `::`.
    pub global: bool,
    /// The segments; those of the trait in `<T as Trait>` are not among them.
    pub segments: Box<[Segment]>,
    /// The whole path.
    pub span: Span,
}

impl PathRef {
    /// The last segment's name.
    pub fn last(&self) -> Name {
        self.segments.last().map_or(Name::NONE, |segment| segment.name)
    }

    /// The only segment's name, where there is one without `::`.
    pub fn single(&self) -> Option<Name> {
        match &*self.segments {
            [only] if !self.global && self.qself.is_none() => Some(only.name),
            _ => None,
        }
    }
}

/// One segment of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The identifier.
    pub name: Name,
    /// Its span.
    pub span: Span,
    /// `<..>` or `(..) -> ..`.
    pub args: Option<Box<GenericArgs>>,
}

/// Generic arguments; lifetimes are dropped, a const argument is [`TypeRef::Unknown`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenericArgs {
    /// The types in order.
    pub types: Vec<TypeRef>,
    /// `Item = T`.
    pub bindings: Vec<(Name, TypeRef)>,
    /// `Fn(A) -> B`: the parameters and the result.
    pub fn_sugar: Option<(Vec<TypeRef>, TypeRef)>,
}

/// A body: a function's with its parameters, or an initialiser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Body {
    /// The function, constant or static.
    pub owner: LocalItemId,
    /// The expressions; a child's id is smaller than its parent's.
    pub exprs: Vec<ExprData>,
    /// The patterns.
    pub pats: Vec<PatData>,
    /// The local variables, parameters among them.
    pub locals: Vec<Local>,
    /// `self`.
    pub self_local: Option<LocalId>,
    /// The patterns of the parameters, without `self`.
    pub params: Vec<PatId>,
    /// The block or initialiser.
    pub root: ExprId,
    /// The predicates on statements, arms and blocks of it: the expressions inside, from the first to the one after the
    /// last, and what has to hold for them.
    pub cfgs: Box<[(ExprId, ExprId, Cfg)]>,
    /// Every identifier in it, sorted, each once (fields, methods, path segments, macros and their tokens).
    pub mentions: Box<[Name]>,
}

impl Body {
    /// A body that could not be read.
    pub fn missing(owner: LocalItemId) -> Body {
        let root = ExprData { kind: Expr::Missing, span: Span::default(), in_macro: false };
        Body {
            owner,
            exprs: vec![root],
            pats: Vec::new(),
            locals: Vec::new(),
            self_local: None,
            params: Vec::new(),
            root: ExprId(0),
            cfgs: Box::default(),
            mentions: Box::default(),
        }
    }
}

/// A local variable.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// Where it is bound first.
    pub span: Span,
    /// `mut`
    pub mutable: bool,
    /// `ref`
    pub by_ref: bool,
    /// The innermost closure or async block it is declared in; `None` for the body itself. A use from a deeper one is a
    /// capture.
    pub closure: Option<ExprId>,
    /// The type in `let x: T`, or of the parameter where the pattern is a plain binding.
    pub ty: Option<Box<TypeRef>>,
}

/// An expression and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExprData {
    /// The expression.
    pub kind: Expr,
    /// The whole expression.
    pub span: Span,
    /// It came out of a macro's arguments: positions hold, an edit is not offered.
    pub in_macro: bool,
}

/// An expression.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Expr {
    /// What syn could not read, or a `_`.
    Missing,
    /// A local variable or parameter.
    Local(LocalId),
    /// Any other path.
    Path(Box<PathRef>),
    /// A literal.
    Literal(Literal),
    /// `f(a)`
    Call {
        /// `f`
        callee: ExprId,
        /// `a`
        args: Box<[ExprId]>,
    },
    /// `r.m::<T>(a)`
    MethodCall(Box<MethodCall>),
    /// `b.f`; also `b.0`
    Field {
        /// `b`
        base: ExprId,
        /// `f`
        name: Name,
        /// The span of `f`.
        name_span: Span,
    },
    /// `b[i]`
    Index {
        /// `b`
        base: ExprId,
        /// `i`
        index: ExprId,
    },
    /// `*e`
    Deref(ExprId),
    /// `!e`
    Not(ExprId),
    /// `-e`
    Neg(ExprId),
    /// `&e`, `&mut e`, `&raw e`
    Ref {
        /// `mut`
        mutable: bool,
        /// `e`
        expr: ExprId,
    },
    /// `a + b`, `a == b`, and the rest but for assignments
    Binary {
        /// The operator.
        op: BinaryOp,
        /// `a`
        lhs: ExprId,
        /// `b`
        rhs: ExprId,
    },
    /// `a = b`, `a += b`
    Assign {
        /// `a`
        target: ExprId,
        /// `b`
        value: ExprId,
        /// `+=` and the like.
        compound: bool,
    },
    /// A block.
    Block(Box<Block>),
    /// `if c { t } else { e }`; `c` may hold [`Expr::Let`] under `&&`.
    If {
        /// `c`
        cond: ExprId,
        /// `t`
        then: ExprId,
        /// `e`
        els: Option<ExprId>,
    },
    /// `let p = e` in a condition.
    Let {
        /// `p`
        pat: PatId,
        /// `e`
        expr: ExprId,
    },
    /// `match e { .. }`
    Match {
        /// `e`
        scrutinee: ExprId,
        /// The arms.
        arms: Box<[Arm]>,
    },
    /// `loop`, `while` or `for`.
    Loop(Box<Loop>),
    /// `break 'l v`
    Break {
        /// The loop or labelled block it leaves; `None` where the label is not known.
        target: Option<ExprId>,
        /// `v`
        value: Option<ExprId>,
    },
    /// `continue 'l`
    Continue {
        /// The loop it goes on with.
        target: Option<ExprId>,
    },
    /// `return v`
    Return(Option<ExprId>),
    /// `yield v`, `become v` and other forms that end in something unknown.
    Opaque(Box<[ExprId]>),
    /// `|p| b`
    Closure(Box<Closure>),
    /// `async { b }`
    Async {
        /// The block.
        body: ExprId,
        /// `move`
        is_move: bool,
        /// The locals of outer bodies that it mentions, each once.
        captures: Box<[LocalId]>,
    },
    /// `e.await`
    Await(ExprId),
    /// `e?`; the span of the `?` is the last byte.
    Try(ExprId),
    /// `P { f: v, ..s }`
    Struct(Box<StructLit>),
    /// `(a, b)`; `()`.
    Tuple(Box<[ExprId]>),
    /// `[a, b]`; `vec![a, b]` is a macro.
    Array(Box<[ExprId]>),
    /// `[v; n]`
    Repeat {
        /// `v`
        value: ExprId,
        /// `n`
        count: ExprId,
    },
    /// `a..b`
    Range {
        /// `a`
        start: Option<ExprId>,
        /// `b`
        end: Option<ExprId>,
    },
    /// `e as T`
    Cast {
        /// `e`
        expr: ExprId,
        /// `T`
        ty: Box<TypeRef>,
    },
    /// A macro call.
    Macro(Box<MacroCall>),
    /// `select! { .. }` of crossbeam, tokio or futures.
    Select(Box<[SelectArm]>),
}

/// What a literal is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// An integer, saturated, without its sign.
    Int(u64),
    /// A float.
    Float,
    /// `'a'`
    Char,
    /// `".."`, raw too
    Str,
    /// `b".."`, `c".."`
    Bytes,
}

/// A binary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BinaryOp {
    /// `&&`
    And,
    /// `||`
    Or,
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`
    Compare,
    /// The rest: an operator whose result is of a type of its own.
    Arithmetic(Operator),
}

/// An arithmetic or bitwise operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `&`
    BitAnd,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
}

/// `r.m::<T>(a)`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MethodCall {
    /// `r`
    pub receiver: ExprId,
    /// `m`
    pub method: Name,
    /// The span of `m`.
    pub method_span: Span,
    /// `T`
    pub generics: Option<Box<GenericArgs>>,
    /// `a`
    pub args: Box<[ExprId]>,
}

/// `{ s; t }`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Block {
    /// The statements; items are in `module`.
    pub stmts: Box<[Stmt]>,
    /// The value.
    pub tail: Option<ExprId>,
    /// A labelled block: `break 'l` leaves it.
    pub labelled: bool,
    /// `unsafe`, `const`, `try` or plain.
    pub kind: BlockKind,
    /// The anonymous module of the items in this block.
    pub module: Option<LocalItemId>,
}

/// The keyword before a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum BlockKind {
    /// None.
    Plain,
    /// `unsafe`
    Unsafe,
    /// `const`
    Const,
    /// `try`: a `?` inside leaves it, not the function.
    Try,
}

/// A statement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Stmt {
    /// `let p: T = e else { d };`
    Let {
        /// `p`
        pat: PatId,
        /// `T`
        ty: Option<Box<TypeRef>>,
        /// `e`
        init: Option<ExprId>,
        /// `d`
        els: Option<ExprId>,
        /// From `let` to `;`.
        span: Span,
    },
    /// `e;`, or `e` where it is a block-like statement.
    Expr {
        /// `e`
        expr: ExprId,
        /// `;`
        semi: bool,
        /// The whole statement.
        span: Span,
    },
}

/// `p if g => b`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Arm {
    /// `p`
    pub pat: PatId,
    /// `g`
    pub guard: Option<ExprId>,
    /// `b`
    pub body: ExprId,
}

/// A loop.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Loop {
    /// Which.
    pub kind: LoopKind,
    /// The keyword.
    pub keyword: Span,
    /// The label's name and span.
    pub label: Option<(Name, Span)>,
    /// The block.
    pub body: ExprId,
}

/// Which loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum LoopKind {
    /// `loop`
    Loop,
    /// `while c`; `c` may hold [`Expr::Let`]
    While(ExprId),
    /// `for p in i`
    For {
        /// `p`
        pat: PatId,
        /// `i`
        iter: ExprId,
    },
}

/// A closure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Closure {
    /// The parameters with the types written on them.
    pub params: Box<[(PatId, Option<TypeRef>)]>,
    /// `-> T`
    pub ret: Option<TypeRef>,
    /// The value.
    pub body: ExprId,
    /// `move`
    pub is_move: bool,
    /// `async`
    pub is_async: bool,
    /// The locals of outer bodies that it mentions, each once.
    pub captures: Box<[LocalId]>,
    /// From `move` or the first `|` to the last `|`.
    pub head: Span,
}

/// `P { f: v, ..s }`
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StructLit {
    /// `P`
    pub path: PathRef,
    /// The fields: name, span of the name, value.
    pub fields: Box<[(Name, Span, ExprId)]>,
    /// `s`
    pub spread: Option<ExprId>,
}

/// A macro call in expression position.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MacroCall {
    /// The macro.
    pub path: PathRef,
    /// The arguments that parse as expressions: `println!("{}", a.b())` has `a.b()`, a captured `{x}` is a
    /// [`Expr::Local`]; `vec![a; n]` has `a` and `n`; `matches!(e, p)` has `e`; `name = e` has `e`.
    pub args: Box<[ExprId]>,
    /// Every token was read into `args`; otherwise `tokens` speaks.
    pub parsed: bool,
    /// The tokens: exits and names. For a parsed call the names are empty and the exits are those of the tokens' own
    /// `?`, `return` and so on only where `args` does not show them.
    pub tokens: MacroTokens,
    /// Locals that unparsed tokens mention, each once.
    pub locals: Box<[LocalId]>,
    /// The pattern of `matches!`, whose guard is in `args`.
    pub pat: Option<PatId>,
}

/// One arm of `select!`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SelectArm {
    /// What it waits for.
    pub op: SelectOp,
    /// The pattern of what it gets.
    pub pat: Option<PatId>,
    /// `, if c`
    pub guard: Option<ExprId>,
    /// What it does.
    pub body: ExprId,
}

/// What an arm of `select!` waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum SelectOp {
    /// `recv(r) -> p`: `p` is what `r.recv()` gives.
    Recv(ExprId),
    /// `send(s, m) -> p`
    Send(ExprId, ExprId),
    /// `p = f`
    Future(ExprId),
    /// `default`, with a time-out: `default(t)`
    Default(Option<ExprId>),
    /// `else`, `complete`
    Else,
}

/// A pattern and where it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PatData {
    /// The pattern.
    pub kind: Pat,
    /// The whole pattern.
    pub span: Span,
}

/// A pattern. A guard in a pattern is lifted to its arm.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Pat {
    /// `_`
    Wild,
    /// `..`
    Rest,
    /// `x`, `ref mut x`, `x @ p`: starts with a lower-case letter or `_`, or has `ref`, `mut` or `@`.
    Bind {
        /// The local; the alternatives of `A(x) | B(x)` share one.
        local: LocalId,
        /// `p`
        sub: Option<PatId>,
    },
    /// A path: constant, unit variant.
    Path(Box<PathRef>),
    /// `P(a, b)`
    TupleStruct {
        /// `P`
        path: Box<PathRef>,
        /// `a`, `b`, a [`Pat::Rest`] among them
        pats: Box<[PatId]>,
    },
    /// `P { f: p, .. }`
    Struct {
        /// `P`
        path: Box<PathRef>,
        /// The fields.
        fields: Box<[(Name, PatId)]>,
    },
    /// `(a, b)`
    Tuple(Box<[PatId]>),
    /// `[a, b]`
    Slice(Box<[PatId]>),
    /// `&p`
    Ref(PatId),
    /// `a | b`
    Or(Box<[PatId]>),
    /// A literal.
    Literal(Literal),
    /// A range, a constant block, a macro.
    Opaque,
}
