"""A dependency graph for Graphviz. Knows the language, and nothing of how the graph came to be."""

from collections.abc import Iterable, Iterator, Mapping

from huldra.exports.graph_words import edge_words, graph_names, node_words, worst_verdict
from huldra.features.dependency_graph import DependencyGraph

_COLORS = {
    "stale": "#fbe7b2",
    "orphan": "#ead9f5",
    "missing": "#d6e6fa",
    "current": "#d5efd5",
    **dict.fromkeys(("failed", "crashed", "preempted", "cancelled", "incomplete"), "#f8d0d0"),
    **dict.fromkeys(("running", "queued"), "#d0f0f0"),
}


def dot_text(graph: DependencyGraph) -> str:
    """Return the graph in the DOT language; an arrow leads from a dependent to what it depends on."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: DependencyGraph) -> Iterator[str]:
    names = graph_names(graph)
    yield "digraph huldra {"
    yield "  rankdir=LR;"
    yield '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica"];'
    yield '  edge [fontname="Helvetica", fontsize=10];'
    for node in graph.nodes:
        attributes = {
            "label": "\n".join(node_words(node, names)),
            "fillcolor": _COLORS.get(worst_verdict(node), "white"),
        }
        if node.source == "store":
            attributes["style"] = "rounded,filled,dashed"
        if node.place is not None:
            attributes["tooltip"] = f"{node.place.file}:{node.place.line}"
        yield f"  {quoted(node.key)} [{_attributes(attributes.items())}];"
    styles: Mapping[str, str] = {"code": "dashed", "store": "dotted", "both": "solid"}
    for edge in graph.edges:
        attributes = {"label": edge_words(edge), "style": styles[edge.source]}
        yield f"  {quoted(edge.start)} -> {quoted(edge.end)} [{_attributes(attributes.items())}];"
    yield "}"


def quoted(text: str) -> str:
    """Return text as a DOT string: quotes and backslashes escaped, line ends as `\\n`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'


def _attributes(pairs: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in pairs)
