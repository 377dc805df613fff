"""`huldra classes`: the hierarchy of experiment classes."""

from rich.text import Text

from huldra.cli.arguments import JSON, Options
from huldra.cli.opening import open_project
from huldra.cli.sections import DIM, counts_in_words, counts_text, place_text
from huldra.cli.terminal import Terminal, aligned, write_data
from huldra.cli.tree import Branch, tree_lines
from huldra.exports.classes_json import classes_json
from huldra.features.class_tree import ClassNode, class_tree


def classes(options: Options) -> int:
    """Effect: write the tree to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    tree = class_tree(opened.picture)
    words = opened.store_words
    if words is not None:
        terminal.hint(words)
    if options.output_format == JSON:
        write_data(classes_json(tree))
        return 0
    if not tree.roots:
        terminal.line("No experiment class found. `huldra doctor` says what was looked at.")
    terminal.lines(tree_lines([_branch(node) for node in tree.roots]))
    if tree.gone:
        terminal.line()
        terminal.line(("In the store, and not in the code any more", "bold"))
        rows = [(row.name, counts_text(row.runs, "run"), counts_in_words(row.verdicts)) for row in tree.gone]
        terminal.lines(aligned(rows, indent="  "))
    return 0


def _branch(node: ClassNode) -> Branch:
    name = Text(node.name, style="bold" if node.row is None else "")
    marks = "".join(f" [{word}]" for word, applies in _marks(node) if applies)
    label = Text.assemble(name, (marks, DIM))
    if node.row is None or node.counts is None or node.is_repeated:
        return Branch(label, (Text("(shown above)", style=DIM),) if node.is_repeated else (), _children(node))
    counts = Text.assemble(
        f"{counts_text(node.counts.experiments, 'experiment')}, {counts_text(node.counts.runs, 'run')}",
        ": " if node.counts.verdicts else "",
        counts_in_words(node.counts.verdicts),
    )
    has_any = node.counts.experiments or node.counts.runs
    return Branch(label, (place_text(node.row.place), counts if has_any else Text("")), _children(node))


def _marks(node: ClassNode) -> tuple[tuple[str, bool], ...]:
    row = node.row
    return ("abstract", row is not None and row.is_abstract), ("git", row is not None and row.is_version_controlled)


def _children(node: ClassNode) -> tuple[Branch, ...]:
    return tuple(_branch(child) for child in node.children)
