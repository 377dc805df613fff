"""What the names of other libraries tell in an annotation: `list[Train]`, `Optional[Train]`, `argparse.Namespace`."""

from collections.abc import Sequence

from huldra.formats.dialect import DIALECTS
from huldra.project.told import OUTSIDE, UNTOLD, ClassItself, Instance, Pair, Several, Told, agreed, is_outside

_SEVERAL = frozenset(
    {
        *(
            "list",
            "set",
            "frozenset",
            "List",
            "Set",
            "FrozenSet",
            "Sequence",
            "MutableSequence",
            "Iterable",
            "Iterator",
        ),
        *("Collection", "Generator", "deque", "AbstractSet", "MutableSet", "Reversible"),
    }
)
_MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"})
_TRANSPARENT = frozenset({"Annotated", "Final", "ClassVar", "Required", "NotRequired"})
_ANYTHING = frozenset({"Any", "object", "Protocol"})
_TUPLES, _TYPES = frozenset({"tuple", "Tuple"}), frozenset({"type", "Type"})
_LIBRARIES = frozenset(dialect.name for dialect in DIALECTS)


def told_of_name(name: str, class_name: str | None) -> Told:
    """Return what a dotted name tells that stands alone; `class_name` is what `Self` means."""
    short = name.rpartition(".")[2]
    if short == "Self":
        return UNTOLD if class_name is None else Instance(frozenset({class_name}))
    if short in _SEVERAL | _MAPPINGS | _ANYTHING | _TUPLES | _TYPES:
        return UNTOLD
    return UNTOLD if name.partition(".")[0] in _LIBRARIES else OUTSIDE


def told_of_generic(name: str, parts: Sequence[Told], *, is_open: bool) -> Told:
    """Return what a dotted name tells with parts in brackets; `is_open` for `tuple[X, ...]`, empty for no library's."""
    short = name.rpartition(".")[2]
    if short in {"Optional", "Union"}:
        return agreed(parts)
    if short in _TRANSPARENT:
        return parts[0]
    if short in _SEVERAL:
        return Several(parts[0])
    if short in _MAPPINGS:
        return Several(parts[-1])
    if short in _TUPLES:
        return Several(parts[0]) if is_open else Pair(tuple(parts))
    if short in _TYPES:
        return ClassItself(parts[0].class_names) if isinstance(parts[0], Instance) else UNTOLD
    return OUTSIDE if short and all(is_outside(part) for part in parts) else UNTOLD
