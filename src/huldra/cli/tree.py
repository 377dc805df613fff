"""Trees in text: branches drawn with lines, and columns aligned behind them."""

from collections.abc import Sequence

from msgspec import Struct
from rich.text import Text

from huldra.cli.terminal import aligned


class Branch(Struct, frozen=True):
    """A node: its label, what is said of it in further columns, and what hangs below."""

    label: Text
    columns: tuple[Text, ...] = ()
    children: tuple["Branch", ...] = ()


def tree_lines(roots: Sequence[Branch]) -> list[Text]:
    """Return trees as lines."""
    rows: list[tuple[Text, ...]] = []
    for root in roots:
        rows.append((root.label, *root.columns))
        _add_children(rows, root, "")
    return aligned(rows)


def _add_children(rows: list[tuple[Text, ...]], branch: Branch, indent: str) -> None:
    for child in branch.children:
        is_last = child is branch.children[-1]
        line = Text.assemble((f"{indent}{'└── ' if is_last else '├── '}", "bright_black"), child.label)
        rows.append((line, *child.columns))
        _add_children(rows, child, f"{indent}{'    ' if is_last else '│   '}")
