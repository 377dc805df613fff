"""The experiment classes as a tree, from the library's base class down, with what is built and stored of each."""

from msgspec import Struct

from huldra.features.picture import ClassRow, Picture
from huldra.features.verdict_counts import ClassCounts, count_by_class
from huldra.formats.dialect import dialect_of_class
from huldra.formats.names import LOCALS


class ClassNode(Struct, frozen=True):
    """A class below one of its bases. `is_repeated`: it has more bases, and its subclasses are shown below the first.

    `row` is None for the library's own class.
    """

    name: str
    row: ClassRow | None
    counts: ClassCounts | None
    children: tuple["ClassNode", ...]
    is_repeated: bool


class ClassTree(Struct, frozen=True):
    """The trees by name, and the classes of stored runs that the code does not have."""

    roots: tuple[ClassNode, ...]
    gone: tuple[ClassCounts, ...]


def class_tree(picture: Picture) -> ClassTree:
    """Return the hierarchy of experiment classes."""
    rows = {row.name: row for row in picture.classes if LOCALS not in row.name}
    counts = {row.name: row for row in count_by_class(picture)}
    children: dict[str, list[str]] = {}
    for row in rows.values():
        for base in row.bases:
            if base in rows or dialect_of_class(base) is not None:
                children.setdefault(base, []).append(row.name)
    shown: set[str] = set()

    def node(name: str) -> ClassNode:
        is_repeated = name in shown
        shown.add(name)
        below = () if is_repeated else tuple(node(child) for child in sorted(children.get(name, ())))
        return ClassNode(name, rows.get(name), counts.get(name), below, is_repeated)

    roots = [node(name) for name in sorted(children) if name not in rows]
    # What is left inherits from itself, in a circle, or from what cannot be seen.
    roots += [node(name) for name in sorted(rows) if name not in shown]
    return ClassTree(tuple(roots), tuple(row for row in counts.values() if not row.is_in_code))
