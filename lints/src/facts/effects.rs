//! The words of the catalogue, and what they say of functions and types.
//!
//! The vocabulary is documented in `catalog/README.md`; a test holds this list and that page together.

use crate::model::{DefId, Program, Ty};
use crate::source::Name;
use crate::syntax::ir::Effect;

macro_rules! words {
    ($($(#[$doc:meta])* $constant:ident = $text:literal,)*) => {
        /// The words of `#[effect(..)]` attributes.
        #[allow(missing_docs, reason = "documented in catalog/README.md")]
        pub mod word {
            use crate::source::Name;
            $($(#[$doc])* pub const $constant: Name = Name::of($text);)*
        }
    };
}

words! {
    ACQUIRES = "acquires",
    ALIASES = "aliases",
    BARRIER = "barrier",
    BLOCKS = "blocks",
    BUILDER = "builder",
    CHANNEL = "channel",
    CATCHES_PANIC = "catches_panic",
    CLEARS = "clears",
    COLLECTION = "collection",
    COMPARE_EXCHANGE = "compare_exchange",
    COMPLETES = "completes",
    CONDVAR = "condvar",
    CONNECTS = "connects",
    COUNTS = "counts",
    CPU_COUNT = "cpu_count",
    DETACHES = "detaches",
    DOWNGRADES = "downgrades",
    DOWNGRADES_GUARD = "downgrades_guard",
    DROPS = "drops",
    EACH_STEP = "each_step",
    ELEMENTS = "elements",
    ENDLESS = "endless",
    ENTRY_KEY = "entry_key",
    FLAG = "flag",
    FLAG_CANCEL = "flag_cancel",
    FLAG_LOAD = "flag_load",
    FLAG_STORE = "flag_store",
    FLAG_UPDATE = "flag_update",
    FORGETS = "forgets",
    GROUPS = "groups",
    GUARD = "guard",
    HANDLE = "handle",
    HANDLE_SET = "handle_set",
    INPUT = "input",
    INPUT_ERROR = "input_error",
    INTERIOR = "interior",
    IS_ASYNC = "is_async",
    JOINS = "joins",
    LIMITS = "limits",
    LINTED = "linted",
    LOCK = "lock",
    LOCK_BY_OP = "lock_by_op",
    LOCK_OP = "lock_op",
    LOCKS_SHARDS = "locks_shards",
    MAPS_GUARD = "maps_guard",
    MOMENT = "moment",
    NEVER_BLOCKS = "never_blocks",
    NO_DROP = "no_drop",
    NO_OWN = "no_own",
    NONBLOCKING = "nonblocking",
    NO_SPURIOUS = "no_spurious",
    NOTIFIES = "notifies",
    OBSERVES = "observes",
    ONCE = "once",
    OWN_ADDRESS = "own_address",
    PANICKING = "panicking",
    PANICS = "panics",
    PERMIT = "permit",
    POISON = "poison",
    POISONS = "poisons",
    POLLS = "polls",
    PREDICATE = "predicate",
    PUTS = "puts",
    PUTS_RESULT = "puts_result",
    RECEIVER = "receiver",
    RECEIVES = "receives",
    REQUEST = "request",
    WATCHES = "watches",
    SELECTS = "selects",
    RECURSIVE = "recursive",
    RELEASES = "releases",
    RUNS = "runs",
    RUNS_ASYNC = "runs_async",
    SCOPE = "scope",
    SCOPE_GUARD = "scope_guard",
    SENDER = "sender",
    SENDS = "sends",
    SETS_TIMEOUT = "sets_timeout",
    SIGNAL_FLAG = "signal_flag",
    SPAWNS = "spawns",
    STOP_GUARD = "stop_guard",
    STACK_SIZE = "stack_size",
    STORES = "stores",
    STRONG = "strong",
    SWAPS = "swaps",
    TAKES = "takes",
    TIMED = "timed",
    TIMED_BY = "timed_by",
    TEXT = "text",
    THREAD_LOCAL = "thread_local",
    TRACKED = "tracked",
    UNLOCKS_WHILE = "unlocks_while",
    UNWRAPS = "unwraps",
    UPGRADES = "upgrades",
    WAITS = "waits",
    WAKES = "wakes",
    WEAK = "weak",
    YIELDS = "yields",
}

/// The effects of one item of the catalogue; none for an item of the user's.
#[derive(Clone, Copy, Debug)]
pub struct Effects<'p>(&'p [Effect]);

impl<'p> Effects<'p> {
    /// What the catalogue says of an item.
    pub fn of(program: &'p Program<'_>, def: DefId) -> Effects<'p> {
        Effects(&program.item(def).attrs.effects)
    }

    /// Whether a word is said.
    pub fn has(self, word: Name) -> bool {
        self.get(word).is_some()
    }

    /// A word with its arguments.
    pub fn get(self, word: Name) -> Option<&'p Effect> {
        self.0.iter().find(|effect| effect.name == word)
    }

    /// Whether a word is said with an argument: `acquires(exclusive, ..)`.
    pub fn with(self, word: Name, arg: &str) -> bool {
        self.get(word).is_some_and(|effect| effect.args.iter().any(|own| &**own == arg))
    }

    /// The first argument of a word that is a number: the index of a parameter.
    pub fn index(self, word: Name) -> Option<usize> {
        self.get(word)?.args.iter().find_map(|arg| arg.parse().ok())
    }

    /// Whether anything is said.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// What a type is to the catalogue.
pub fn type_effects<'p>(program: &'p Program<'_>, ty: &Ty) -> Effects<'p> {
    ty.adt().map_or(Effects(&[]), |def| Effects::of(program, def))
}
