"""What the engine knows of the library by name, as one value for each name the library has had.

Nothing outside this module spells `huldra.Huldra`, `.huldra` or `_create`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Dialect(Struct, frozen=True):
    """One name of the library.

    `field_functions`, `config_decorators` and the like are dotted names as a resolved import gives them.
    `roots` maps each folder of the store that holds runs to whether its runs are version controlled.
    """

    name: str
    experiment_classes: frozenset[str]
    collection_classes: frozenset[str]
    missing_sentinels: frozenset[str]
    internal_directory: str
    log_file: str
    metadata_prefix: str
    default_store: str
    environment_prefix: str
    roots: Mapping[str, bool]
    load_methods: frozenset[str]
    create_method: str
    restore_method: str
    validate_method: str
    reserved_names: frozenset[str]
    hash_has_dependencies: bool = False

    @property
    def config_names(self) -> frozenset[str]:
        """What every config has by the library; of `huldra_hash` a class may have a field of its own all the same."""
        return self.reserved_names | {f"{self.name}_hash"}

    @property
    def store_function(self) -> str:
        """The function by which code says where the results lie."""
        return f"set_{self.name}_root"

    @property
    def store_attribute(self) -> str:
        """The attribute in which the library holds that."""
        return f"{self.name.upper()}_CONFIG.base_root"

    @property
    def store_variable(self) -> str:
        """The environment variable that says it."""
        return f"{self.environment_prefix}_PATH"

    @property
    def lock_files(self) -> tuple[str, ...]:
        """The names a lock may have, with and without the leading dot."""
        return tuple(f"{dot}{kind}.lock" for dot in (".", "") for kind in ("compute", "submit", "state"))


_MEMBERS = frozenset(
    {
        *("MISSING", "version_controlled", "_max_wait_time_sec", "_namespace", "_create", "_load", "_validate"),
        *("raw_dir", "to_dict", "from_dict", "to_python", "log", "exists", "get_metadata", "load_or_create"),
        *("_invalidate_cached_success", "_check_timeout", "_submit_once", "_worker_entry", "_run_locally"),
        *("_collect_submitit_env", "_reconcile", "_setup_signal_handlers"),
    }
)
_GIT_ROOTS = MappingProxyType({"data": False, "git": True})
_ALL_ROOTS = MappingProxyType({"data": False, "git": True, "artifacts": True})


def _dialect(
    name: str,
    class_name: str,
    *,
    default_store: str,
    roots: Mapping[str, bool] = _GIT_ROOTS,
    load_methods: tuple[str, ...] = ("load_or_create",),
    hash_has_dependencies: bool = False,
) -> Dialect:
    members = _MEMBERS | {f"_{name}_hash", f"{name}_hash", f"{name}_dir"} | set(load_methods)
    return Dialect(
        name=name,
        experiment_classes=frozenset(
            {f"{name}.{class_name}", f"{name}.core.{class_name}", f"{name}.core.{name}.{class_name}"}
        ),
        collection_classes=frozenset(
            {
                f"{name}.{class_name}List",
                f"{name}.core.{class_name}List",
                f"{name}.core.list.{class_name}List",
            }
        ),
        missing_sentinels=frozenset({f"{name}.MISSING", f"{name}.{class_name}.MISSING"}),
        internal_directory=f".{name}",
        log_file=f"{name}.log",
        metadata_prefix=name,
        default_store=default_store,
        environment_prefix=name.upper(),
        roots=roots,
        load_methods=frozenset(load_methods),
        create_method="_create",
        restore_method="_load",
        validate_method="_validate",
        reserved_names=members if name != "huldra" else members - {"huldra_hash"},
        hash_has_dependencies=hash_has_dependencies,
    )


HULDRA = _dialect("huldra", "Huldra", default_store="data-huldra")
GREN = _dialect("gren", "Gren", default_store="data-gren")
FURU = _dialect(
    "furu",
    "Furu",
    default_store="furu-data",
    roots=_ALL_ROOTS,
    load_methods=("load_or_create", "get"),
    hash_has_dependencies=True,
)
DIALECTS = (HULDRA, GREN, FURU)

STORE_WORDS = frozenset(
    word
    for dialect in DIALECTS
    for word in (dialect.store_function, dialect.store_attribute.rpartition(".")[2], dialect.store_variable)
)
"""Code that says where the results lie holds one of them. Kept facts say whether: a change raises `FACTS_VERSION`."""

FIELD_FUNCTIONS = frozenset({"chz.field"} | {f"{dialect.name}.chz.field" for dialect in DIALECTS})
EVERY_VERSION_HAS = frozenset(
    {f"{dialect.name}.chz" for dialect in DIALECTS}
    | {
        f"{prefix}chz.{name}"
        for prefix in ("", *(f"{dialect.name}." for dialect in DIALECTS))
        for name in ("chz", "field", "init_property", "replace")
    }
)
"""What is there under these names whichever version of the library is installed."""
FROM_DICT = "from_dict"
"""The class method that makes what a dict describes, of whatever class that names."""
FROM_DICT_FUNCTIONS = frozenset(
    f"{owner}.{FROM_DICT}"
    for dialect in DIALECTS
    for owner in (*dialect.experiment_classes, f"{dialect.name}.{dialect.name.title()}Serializer")
)
"""What does the same, asked of the library itself."""
CONFIG_DECORATORS = frozenset({"chz.chz"} | {f"{dialect.name}.chz.chz" for dialect in DIALECTS})
"""Decorators that make a class a config class without making it an experiment."""


def dialect_of_class(name: str) -> Dialect | None:
    """Return the dialect whose experiment base class has this dotted name."""
    return next((dialect for dialect in DIALECTS if name in dialect.experiment_classes), None)


def dialect_of_collection(name: str) -> Dialect | None:
    """Return the dialect whose collection base class has this dotted name."""
    return next((dialect for dialect in DIALECTS if name in dialect.collection_classes), None)


def public_name(dotted: str) -> str:
    """Return the name users write for a library class, whichever of its modules it was imported from."""
    for dialect in DIALECTS:
        for names in (dialect.experiment_classes, dialect.collection_classes):
            if dotted in names:
                return min(names, key=len)
    return dotted


def shared_name(dotted: str) -> str:
    """Return a dotted name of the library as its first dialect writes it, so that a change of library is none of code.

    `gren.GrenList` is `huldra.HuldraList`; names of anything else stay as they are.
    """
    top = dotted.partition(".")[0]
    for dialect in DIALECTS:
        if top == dialect.name:
            own, first = dialect.name, HULDRA.name
            return dotted.replace(own, first).replace(own.title(), first.title())
    return dotted


def shared_member(dialect: Dialect, name: str) -> str:
    """Return a library member as the first dialect calls it: `gren_dir` is `huldra_dir`."""
    return name.replace(dialect.name, HULDRA.name)
