"""`huldra graph`: what depends on what."""

import shutil
import subprocess

from rich.text import Text

from huldra.cli.arguments import DOT, HTML, JSON, MERMAID, SVG, Options, UsageError
from huldra.cli.asking import runs_asked_for
from huldra.cli.opening import Opened, open_project
from huldra.cli.sections import DIM, counts_in_words, place_text
from huldra.cli.terminal import Terminal, write_data
from huldra.cli.tree import Branch, tree_lines
from huldra.exports.dot import dot_text
from huldra.exports.graph_json import graph_json
from huldra.exports.graph_page import graph_data, graph_page
from huldra.exports.graph_words import edge_words, graph_names
from huldra.exports.mermaid import mermaid_text
from huldra.features.dependency_graph import DependencyGraph, Focus, GraphEdge, dependency_graph
from huldra.features.rerun_targets import NAME
from huldra.features.short_names import NoSuch, short_key

_DEEPEST = 40
_WRITERS = {DOT: dot_text, JSON: graph_json, MERMAID: mermaid_text}


def graph(options: Options) -> int:
    """Effect: write the graph to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    focus = _focus(opened, options.focus)
    answer = dependency_graph(opened.snapshot, opened.picture, options.level, focus, options.depth)
    if isinstance(answer, NoSuch):
        raise UsageError(answer.message)
    words = opened.store_words
    if words is not None:
        terminal.hint(words)
    if options.output_format == HTML:
        write_data(_page(opened, focus, options.depth))
    elif options.output_format == SVG:
        write_data(_drawn(dot_text(answer)))
    elif options.output_format in _WRITERS:
        write_data(_WRITERS[options.output_format](answer))
    else:
        _write_text(terminal, answer)
    return 0


def _focus(opened: Opened, word: str | None) -> Focus | None:
    """Return what the graph is drawn around: a name, or the runs that answer a query."""
    if word is None or not word.strip() or NAME.fullmatch(word.strip()):
        return word
    found = runs_asked_for(opened, word, opened.picture.runs)
    if not found:
        raise UsageError(f"no run answers the query {word!r}")
    return tuple(row.compared.key for row in found)


def _page(opened: Opened, focus: Focus | None, depth: int | None) -> str:
    """Return the page; both levels are in it, whichever was asked for."""
    data = graph_data(opened.snapshot, opened.picture, focus, depth)
    if isinstance(data, NoSuch):
        raise UsageError(data.message)
    root = opened.workspace.root.path
    return graph_page(root.name or str(root), data)


def _drawn(dot: str) -> str:
    """Return a graph as Graphviz draws it.

    Effect: runs `dot`.

    Raises:
        UsageError: it is not there, or fails.
    """
    program = shutil.which("dot")
    if program is None:
        raise UsageError(
            "svg is drawn by Graphviz, and there is no `dot` on the PATH: install it, or take --format html"
        )
    done = subprocess.run(  # noqa: S603  # Graphviz, which gets nothing but its input
        [program, "-Tsvg"], input=dot, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise UsageError(f"{program} cannot draw the graph: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout


def _write_text(terminal: Terminal, answer: DependencyGraph) -> None:
    if not answer.nodes:
        terminal.line(f"No {answer.level} found. `huldra doctor` says what was looked at.")
        return
    drawn = _Drawing(answer)
    terminal.lines(tree_lines([drawn.branch(root) for root in answer.roots]))
    sources = {edge.source for edge in answer.edges}
    legend = [f"[{word}] only {why}" for word, why in _LEGEND.items() if word in sources]
    if legend and not terminal.is_quiet:
        terminal.line()
        terminal.line((f"Below each stands what it depends on. {'; '.join(legend)}.", DIM))


_LEGEND = {"code": "today's code says so", "store": "stored runs say so"}


class _Drawing:
    """Draws a graph as trees; what hangs below a node is drawn where it comes first."""

    def __init__(self, answer: DependencyGraph) -> None:
        self._nodes = {node.key: node for node in answer.nodes}
        self._names = graph_names(answer)
        self._focus = frozenset(answer.focus)
        self._edges: dict[str, list[GraphEdge]] = {}
        for edge in answer.edges:
            self._edges.setdefault(edge.start, []).append(edge)
        self._drawn: set[str] = set()

    def branch(self, key: str, edge: GraphEdge | None = None, depth: int = 0) -> Branch:
        """Return a node with all below it; `edge` is the one that leads to it."""
        edges = self._edges.get(key, [])
        is_repeated = key in self._drawn and bool(edges)
        is_cut = depth == _DEEPEST and bool(edges) and not is_repeated
        children: tuple[Branch, ...] = ()
        if not is_repeated and not is_cut:
            self._drawn.add(key)
            children = tuple(self.branch(below.end, below, depth + 1) for below in edges)
        node = self._nodes[key]
        name = short_key(key, self._names) if "/" in key else self._names[key]
        label = Text.assemble(
            ("" if edge is None else f"{edge_words(edge)}: ", DIM),
            (name, "bold" if key in self._focus else ""),
            ("" if edge is None or edge.source == "both" else f" [{edge.source}]", DIM),
            (" (above)" if is_repeated else " (goes on: see it with --focus)" if is_cut else "", DIM),
        )
        if is_repeated:
            return Branch(label)
        verdicts = Text(", ").join(_verdict_words(node.counts, is_class="/" not in key))
        return Branch(label, (verdicts, place_text(node.place)), children)


def _verdict_words(counts: tuple[tuple[str, int], ...], *, is_class: bool) -> list[Text]:
    words = counts_in_words(counts)
    return [
        words if is_class else Text(words.plain.removeprefix("1 "), style=words.spans[0].style if words.spans else "")
    ]
